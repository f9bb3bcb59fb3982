import * as v from "valibot";
import { DeliveryError } from "../../adapter/errors.ts";
import type { OutboundChunk } from "../../adapter/Platform.ts";
import { replyToSchema } from "./schema.ts";

/** The parameters of sendMessage for a chunk: plain text. https://core.telegram.org/bots/api#sendmessage */
export function sendMessageBody({ text, replyTo }: OutboundChunk): Readonly<Record<string, unknown>> {
  const target = v.safeParse(replyToSchema, replyTo);
  if (!target.success) {
    throw new DeliveryError("invalid", "replyTo is not one that the telegram platform made", { outcome: "not-sent" });
  }
  const { chat, thread, message } = target.output;
  return {
    chat_id: chat,
    text,
    ...(thread === undefined ? {} : { message_thread_id: thread }),
    // The answer goes out even when the question has been deleted.
    ...(message === undefined ? {} : { reply_parameters: { message_id: message, allow_sending_without_reply: true } }),
  };
}
