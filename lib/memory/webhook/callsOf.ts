import type { EndedSession } from "../../adapter/MemoryProvider.ts";
import { messageData } from "../../adapter/sessionData.ts";
import { webhookId } from "../../adapter/signing/postSigned.ts";
import { type PartMessage, splitMessages } from "../../adapter/text/splitMessages.ts";
import { sha256 } from "../../domain/ids.ts";
import { type PartNumber, partPayload, payload } from "./payload.ts";

/** How far a delivery has come. */
export interface Progress {
  /** The most bytes of a call's body; infinity while nothing is known of it. */
  readonly limit: number;
  /** The numbers of the parts of that limit that were acknowledged. */
  readonly done: readonly number[];
  /** What those were parts of, as `contentOf` has it. */
  readonly content?: string;
}

/** A call to be made. */
export interface Call {
  /** Its `webhook-id`: the same for the same content. */
  readonly id: string;
  readonly body: unknown;
  readonly part: PartNumber;
}

/** More parts than a session can have, so that the numbers take no more room than was kept for them. */
const MANY = 9_999_999;

/**
 * The calls that bring a receiver what it does not have yet of a session: one with all of it where that fits the limit,
 * else one a part. The largest part is the first, so that a receiver which takes it takes the others, too, and their
 * number stays. Pure.
 */
export function callsOf(session: EndedSession, deliveryKey: string, { limit, done }: Progress): readonly Call[] {
  const whole = payload(session);
  if (limit === Number.POSITIVE_INFINITY || bytesOf(whole) <= limit) {
    return [{ id: webhookId(deliveryKey), body: whole, part: { number: 1, of: 1 } }];
  }
  const room = limit - bytesOf(partPayload({ ...session, users: [] }, [], { number: MANY, of: MANY }));
  const parts = splitMessages(session.messages, room, sizeOf);
  const content = contentOf(session);
  const calls = parts.map((messages, index) => {
    const part = { number: index + 1, of: parts.length };
    const body = partPayload(session, messages, part);
    return { id: webhookId(`${deliveryKey}|${limit}|${part.number}|${content}`), body, part, size: bytesOf(body) };
  });
  const largest = Math.max(...calls.map(({ size }) => size));
  const [first] = calls.filter(({ size }) => size === largest);
  const ordered = first ? [first, ...calls.filter((call) => call !== first)] : calls;
  return ordered.filter(({ part }) => !done.includes(part.number));
}

/** Stands for a session's words: others, as of somebody who was erased since, are cut into other parts. */
export function contentOf({ messages }: EndedSession): string {
  return sha256(JSON.stringify(messages)).toString("hex").slice(0, 32);
}

/** The bytes of a body as it is posted. */
export function bytesOf(body: unknown): number {
  return Buffer.byteLength(JSON.stringify(body));
}

/** A message, its author among the users, and a comma after each. */
function sizeOf(message: PartMessage): number {
  return bytesOf(messageData(message)) + 1 + (message.author ? bytesOf(message.author) + 1 : 0);
}
