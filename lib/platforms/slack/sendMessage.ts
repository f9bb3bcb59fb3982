import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { DeliveryError } from "../../adapter/errors.ts";
import type { OutboundChunk } from "../../adapter/Platform.ts";
import { sha256 } from "../../domain/ids.ts";
import type { Json } from "../../domain/json.ts";
import { callSlack, type SlackCall } from "./callSlack.ts";
import { replyToSchema } from "./schema.ts";
import { escapeText, withoutAlarms } from "./writeText.ts";

/** Where a reply goes. */
export type ReplyTo = v.InferOutput<typeof replyToSchema>;

/** Whose Web API it is. */
export type SlackApi = Pick<SlackCall, "apiBase" | "token">;

/** The thread can't be answered in, but the channel can. */
const THREAD_IS_GONE: readonly (string | undefined)[] = [
  ...["cannot_reply_to_message", "restricted_action_non_threadable_channel", "thread_not_found", "invalid_thread_ts"],
];

/** Slack knows our key from before, but not its message any more. */
const KEY_IS_SPENT: readonly (string | undefined)[] = ["duplicate_message_not_found", "duplicate_channel_not_found"];

/**
 * Sends a chunk and answers its `ts`. Once more in another way where Slack refuses the way, not the words: outside of a
 * thread that is gone, without the key that it can't place, and as plain text when it refuses the Markdown.
 * https://docs.slack.dev/reference/methods/chat.postMessage
 */
export async function sendMessage(
  api: SlackApi,
  { text, key }: Pick<OutboundChunk, "text" | "key">,
  to: Extract<ReplyTo, { readonly channel: string }>,
  services: Pick<AdapterServices, "http" | "clock">,
): Promise<string | undefined> {
  let parameters: Readonly<Record<string, string>> = {
    channel: to.channel,
    ...(to.thread === undefined ? {} : { thread_ts: to.thread }),
    markdown_text: withoutAlarms(text),
    client_msg_id: uuidOf(key),
  };
  const tried = new Set<string>();
  for (;;) {
    const outcome = await callSlack({ ...api, method: "chat.postMessage", parameters }, services);
    if ("result" in outcome) return outcome.result.ts;
    const { error, code } = outcome;
    let way: string;
    if (THREAD_IS_GONE.includes(code) && parameters.thread_ts !== undefined) {
      const { thread_ts: _, ...rest } = parameters;
      [way, parameters] = ["no thread", rest];
    } else if (KEY_IS_SPENT.includes(code)) {
      const { client_msg_id: _, ...rest } = parameters;
      [way, parameters] = ["no key", rest];
    } else if (code !== undefined && error.kind === "invalid" && parameters.markdown_text !== undefined) {
      const { markdown_text: _, ...rest } = parameters;
      [way, parameters] = ["plain", { ...rest, text: escapeText(text), mrkdwn: "false" }];
    } else throw error;
    if (tried.has(way)) throw error;
    tried.add(way);
  }
}

/** What a message carries for its answer. Throws `DeliveryError` where it is not of this platform's making. */
export function targetOf(replyTo: Json): ReplyTo {
  const target = v.safeParse(replyToSchema, replyTo);
  if (target.success) return target.output;
  throw new DeliveryError("invalid", "replyTo is not one that the slack platform made", { outcome: "not-sent" });
}

/**
 * A message's `client_msg_id`. No page of Slack's lists it among the arguments; its errors speak of it, as of what makes a
 * repeated message known. Nothing here relies on that.
 */
function uuidOf(key: string): string {
  const digits = sha256(key).toString("hex");
  return digits.replace(/^(.{8})(.{4})(.{3})(.{3})(.{12}).*$/, "$1-$2-4$3-8$4-$5");
}
