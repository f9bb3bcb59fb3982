import type { Message } from "../../domain/Message.ts";

/** A message of a part, or a piece of one. */
export interface PartMessage extends Message {
  /** Its words go on from those of the last message of the part before. */
  readonly continued?: true;
}

/**
 * Splits messages into parts of at most `room` bytes each, between messages; a message that is too large for a part of
 * its own is cut, never inside a character as people see it, unless that alone is too large. Pure: the same messages and
 * room give the same parts, and their words, put together, are those of the messages.
 *
 * @param sizeOf the bytes of a message in a part, whatever goes along with it included; more for more words
 */
export function splitMessages(
  messages: readonly Message[],
  room: number,
  sizeOf: (message: PartMessage) => number,
): readonly (readonly PartMessage[])[] {
  const parts: PartMessage[][] = [];
  let left = Number.NEGATIVE_INFINITY;
  for (const message of messages) {
    let from = 0;
    let isBehind = false;
    while (!isBehind) {
      const rest = restOf(message, from);
      const size = sizeOf(rest);
      // One that does not fit beside others begins a part of its own.
      if (size > left) {
        parts.push([]);
        left = room;
      }
      const end = size > left ? cutOf(message, from, room, sizeOf) : message.content.length;
      parts.at(-1)?.push({ ...rest, content: message.content.slice(from, end) });
      left -= size;
      isBehind = end === message.content.length;
      from = end;
    }
  }
  return parts;
}

function restOf(message: Message, offset: number): PartMessage {
  return offset === 0 ? message : { ...message, content: message.content.slice(offset), continued: true };
}

/** Where a message that does not fit a part from there on is cut, UTF-16 units; behind one character at the least. */
function cutOf(message: Message, from: number, room: number, sizeOf: (message: PartMessage) => number): number {
  const { content } = message;
  const fits = (end: number) => sizeOf({ ...restOf(message, from), content: content.slice(from, end) }) <= room;
  // None takes less than a byte.
  let [most, tooMany] = [from, Math.min(content.length, from + Math.max(room, 0) + 1)];
  while (most + 1 < tooMany) {
    const middle = Math.floor((most + tooMany) / 2);
    if (fits(middle)) most = middle;
    else tooMany = middle;
  }
  const whole = new Intl.Segmenter("en", { granularity: "grapheme" }).segment(content).containing(most)?.index ?? most;
  if (whole > from) return whole;
  const isHalf = most > from && /[\uD800-\uDBFF]/.test(content.charAt(most - 1));
  const end = isHalf ? most - 1 : most;
  return end > from ? end : from + String.fromCodePoint(content.codePointAt(from) ?? 0).length;
}
