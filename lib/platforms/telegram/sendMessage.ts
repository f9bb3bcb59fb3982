import { classifyStatus } from "../../runtime/classifyStatus.ts";
import { clip } from "../../runtime/clip.ts";
import { DeliveryError, type FailureKind } from "../../runtime/DeliveryError.ts";
import type { HttpResponse } from "../../runtime/HttpClient.ts";
import { parseRetryAfter } from "../../runtime/parseRetryAfter.ts";
import type { OutboundChunk } from "../Platform.ts";
import { answerSchema, replyToSchema } from "./schema.ts";

/** The parameters of sendMessage for a chunk: plain text. https://core.telegram.org/bots/api#sendmessage */
export function sendMessageBody({ text, replyTo }: OutboundChunk): string {
  const target = replyToSchema.safeParse(replyTo);
  if (!target.success) {
    throw new DeliveryError("invalid", "replyTo is not one that the telegram platform made", { outcome: "not-sent" });
  }
  const { chat, thread, message } = target.data;
  return JSON.stringify({
    chat_id: chat,
    text,
    ...(thread === undefined ? {} : { message_thread_id: thread }),
    // The answer goes out even when the question has been deleted.
    ...(message === undefined ? {} : { reply_parameters: { message_id: message, allow_sending_without_reply: true } }),
  });
}

/**
 * What an answer of the Bot API says went wrong; undefined when the message was sent. Of the answer only Telegram's
 * description is repeated, without the token: a proxy's error page quotes the address, which holds it.
 *
 * @param now milliseconds since the epoch
 */
export function sendMessageError(response: HttpResponse, token: string, now: number): DeliveryError | undefined {
  const { status } = response;
  const answer = answerSchema.safeParse(parse(response.text));
  if (status === 200 && answer.data?.ok) return undefined;
  if (status === 200) {
    return new DeliveryError("transient", "Telegram answered 200 without ok; check apiBase", { status });
  }
  const seconds = answer.data?.parameters?.retry_after;
  const header = seconds === undefined ? response.headers["retry-after"] : String(seconds);
  const retryAfter = parseRetryAfter(header, now);
  const description = clip((answer.data?.description ?? "no description").replaceAll(token, "<token>"), 200);
  return new DeliveryError(kindOf(status), `Telegram answered ${status}: ${description}`, {
    status,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

/** 403: blocked by the user or removed from the chat. 404: the address, so the token, is unknown. */
function kindOf(status: number): FailureKind {
  if (status === 403) return "gone";
  if (status === 404) return "auth";
  return classifyStatus(status);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not from the Bot API; the schema says so.
    return undefined;
  }
}
