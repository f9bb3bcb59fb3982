import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PartMessage, splitMessages } from "../../../../lib/adapter/text/splitMessages.ts";
import type { Message } from "../../../../lib/domain/Message.ts";

const FAMILY = "👩‍👩‍👧";

const sizeOf = ({ content }: PartMessage) => 10 + Buffer.byteLength(content);

const said = (content: string): Message => ({ role: "user", content, at: 0 });

const words = (parts: readonly (readonly PartMessage[])[]) =>
  parts.map((messages) => messages.map(({ content, continued }) => (continued ? `+${content}` : content)));

describe("splitMessages", () => {
  it("puts as many whole messages into a part as it has room for", () => {
    const parts = splitMessages(["one", "two", "three", "4"].map(said), 30, sizeOf);
    expect(words(parts)).toEqual([
      ["one", "two"],
      ["three", "4"],
    ]);
  });

  it("cuts a message that is too large alone, and marks what goes on", () => {
    const parts = splitMessages(["one", "x".repeat(45), "two"].map(said), 30, sizeOf);
    expect(words(parts)).toEqual([["one"], ["x".repeat(20)], [`+${"x".repeat(20)}`], ["+xxxxx", "two"]]);
  });

  it("cuts between characters as people see them, and inside one only when that one alone is too large", () => {
    const whole = splitMessages([said(`ab${FAMILY}cd`)], 10 + Buffer.byteLength(FAMILY) + 1, sizeOf);
    expect(words(whole)).toEqual([["ab"], [`+${FAMILY}c`], ["+d"]]);
    const torn = splitMessages([said(FAMILY)], 20, sizeOf);
    for (const [content = ""] of words(torn)) expect(content.isWellFormed()).toBe(true);
    expect(words(torn).flat().join("").replaceAll("+", "")).toBe(FAMILY);
  });

  it("gives every word once and in order, and keeps to the room", () => {
    const texts = fc.array(fc.string({ unit: "grapheme", maxLength: 60 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 40, max: 120 }), (contents, room) => {
        const messages = contents.map(said);
        const parts = splitMessages(messages, room, sizeOf);
        const joined: string[] = [];
        for (const { content, continued } of parts.flat()) {
          if (continued) joined.push(`${joined.pop()}${content}`);
          else joined.push(content);
        }
        expect(joined).toEqual(contents);
        for (const part of parts) {
          const size = part.reduce((sum, message) => sum + sizeOf(message), 0);
          expect(size).toBeLessThanOrEqual(room);
        }
      }),
    );
  });
});
