import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { DeliveryError } from "../../adapter/errors.ts";
import type { OutboundChunk } from "../../adapter/Platform.ts";
import type { Json } from "../../domain/json.ts";
import { type BotApi, tryBotApi } from "./callBotApi.ts";
import { replyToSchema, sentSchema } from "./schema.ts";
import { toEntities } from "./toEntities.ts";

type Parameters = Readonly<Record<string, unknown>>;

/**
 * Sends a chunk, and answers the message's id. Once more in another way where Telegram refuses the way, not the words: to
 * the chat's new id when that has moved, outside of a topic that is gone, and as it was written when its marks are refused.
 * https://core.telegram.org/bots/api#sendmessage
 */
export async function sendMessage(
  api: BotApi,
  chunk: OutboundChunk,
  services: Pick<AdapterServices, "http" | "clock">,
): Promise<string | undefined> {
  let parameters = messageOf(chunk);
  const tried = new Set<string>();
  for (;;) {
    const answer = await tryBotApi({ ...api, method: "sendMessage", parameters }, services);
    if ("result" in answer) {
      const sent = v.safeParse(sentSchema, answer.result);
      return sent.success ? String(sent.output.message_id) : undefined;
    }
    const { error, movedTo, isTopicGone } = answer;
    const { message_thread_id: thread, reply_parameters: _, entities, ...plain } = parameters;
    let way: string;
    if (movedTo !== undefined) {
      // Ids of messages and topics are the old chat's.
      [way, parameters] = ["moved", { ...plain, chat_id: movedTo, ...(entities ? { entities } : {}) }];
    } else if (isTopicGone && thread !== undefined) {
      const { message_thread_id: _thread, ...rest } = parameters;
      [way, parameters] = ["topic", rest];
    } else if (error.kind === "invalid" && entities !== undefined) {
      const { entities: _marks, ...rest } = parameters;
      [way, parameters] = ["plain", { ...rest, text: chunk.text }];
    } else throw error;
    if (tried.has(way)) throw error;
    tried.add(way);
  }
}

/** The parameters that say where to. */
export function targetOf(replyTo: Json): v.InferOutput<typeof replyToSchema> {
  const target = v.safeParse(replyToSchema, replyTo);
  if (target.success) return target.output;
  throw new DeliveryError("invalid", "replyTo is not one that the telegram platform made", { outcome: "not-sent" });
}

/** The agent's Markdown as the parameters that say it; as it was written where nothing of it is words. */
export function markedText(markdown: string): Parameters {
  const { text, entities } = toEntities(markdown);
  if (text.trim() === "") return { text: markdown };
  return { text, ...(entities.length > 0 ? { entities } : {}) };
}

function messageOf({ text: markdown, replyTo, index, inReplyTo }: OutboundChunk): Parameters {
  const { chat, thread, direct, message } = targetOf(replyTo);
  return {
    chat_id: chat,
    ...markedText(markdown),
    ...(thread === undefined ? {} : { message_thread_id: thread }),
    ...(direct === undefined ? {} : { direct_messages_topic_id: direct }),
    // The answer goes out even when the question has been deleted. One quotation is enough, and one sound.
    ...(message === undefined || index > 0 || inReplyTo === undefined
      ? {}
      : { reply_parameters: { message_id: message, allow_sending_without_reply: true } }),
    ...(index > 0 ? { disable_notification: true } : {}),
  };
}
