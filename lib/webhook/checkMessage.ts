import { WebhookError } from "../adapter/errors.ts";
import { MAX_TEXT_BYTES, truncate } from "../adapter/text/truncate.ts";
import { type Attachment, MOST_ATTACHMENTS } from "../domain/Attachment.ts";
import { CLOCK_TOLERANCE } from "../domain/clockTolerance.ts";
import type { InboundMessage } from "../domain/InboundMessage.ts";

/** The most of an id, UTF-16 units: with its prefix and time a delivery fits the 1,024 bytes of a sort key. */
const MOST_ID = 256;

/** The most of a person's name, UTF-16 units; what is longer is no name. */
const MOST_NAME = 256;

/** The most of what a message answers, UTF-16 units: with the longest text and reply it fits an item of 400 KB. */
const MOST_QUOTE = 1_000;

/** The most of an attachment's name and type, UTF-16 units. */
const MOST_LABEL = 64;

/** The most of its handle; one that is cut would fetch nothing. */
const MOST_HANDLE = 256;

/** The last moment that a `Date` can show, milliseconds: https://tc39.es/ecma262/#sec-time-values-and-time-range. */
const LAST_TIME = 8.64e15;

/**
 * A platform's message as every later stage can carry it, whatever the platform lets through: one that they can't would
 * block its conversation until it is on the dead-letter queue. A time that no clock shows is left out, so that the time
 * of receive counts; a long name is cut. Throws `WebhookError` 400 where nothing can be done about it.
 *
 * @param now milliseconds since the epoch
 */
export function toCarried(given: InboundMessage, now: number): InboundMessage {
  const { sentAt, replyUntil, user, quoted, forwarded, attachments, ...message } = given;
  checkId("messageId", message.messageId);
  checkId("chat", message.chat.id);
  if (message.chat.thread !== undefined) checkId("thread", message.chat.thread);
  if (user) checkId("user", user.id);
  const bytes = Buffer.byteLength(message.text);
  if (bytes > MAX_TEXT_BYTES) {
    throw new WebhookError(400, `text has ${bytes} bytes in UTF-8; at most ${MAX_TEXT_BYTES} are taken`, {
      field: "text",
    });
  }
  for (const id of [message.ref, message.edits, message.album]) if (id !== undefined) checkId("message", id);
  return {
    ...message,
    ...(quoted ? { quoted: { ...quoted, text: truncate(quoted.text, MOST_QUOTE), ...named("author", quoted) } } : {}),
    ...(forwarded ? { forwarded: named("from", forwarded) } : {}),
    ...(attachments ? { attachments: attachments.slice(0, MOST_ATTACHMENTS).map(carried) } : {}),
    ...(sentAt !== undefined && isTime(sentAt, now + CLOCK_TOLERANCE) ? { sentAt } : {}),
    ...(replyUntil !== undefined && isTime(replyUntil, LAST_TIME) ? { replyUntil } : {}),
    ...(user ? { user: user.name === undefined ? user : { ...user, name: truncate(user.name, MOST_NAME) } } : {}),
  };
}

/** Somebody's name in a field of their own, cut. */
function named<Field extends string>(field: Field, value: { readonly [name in Field]?: string }) {
  const name = value[field];
  return name === undefined ? {} : { [field]: truncate(name, MOST_NAME) };
}

function carried({ name, mime, handle, ...rest }: Attachment): Attachment {
  return {
    ...rest,
    ...(name === undefined ? {} : { name: truncate(name, MOST_LABEL) }),
    ...(mime === undefined ? {} : { mime: truncate(mime, MOST_LABEL) }),
    ...(handle === undefined || handle.length > MOST_HANDLE ? {} : { handle }),
  };
}

function checkId(field: string, id: string): void {
  if (id.length >= 1 && id.length <= MOST_ID) return;
  throw new WebhookError(400, `${field} has an id of ${id.length} characters; 1 to ${MOST_ID} are taken`, { field });
}

function isTime(time: number, latest: number): boolean {
  return Number.isInteger(time) && time >= 0 && time <= latest;
}
