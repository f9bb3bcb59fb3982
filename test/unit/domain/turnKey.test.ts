import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TURN_PREFIX, turnKey } from "../../../lib/domain/Turn.ts";

const time = fc.integer({ min: 0, max: Date.UTC(2999, 0) });

const messageId = fc.string({ minLength: 1, maxLength: 40 });

describe("turnKey", () => {
  it("D9 makes the key of the platform's own time and id, so that a redelivery has the same", () => {
    expect(turnKey(Date.UTC(2026, 2, 2, 10, 0, 0, 7), "000000000042")).toBe(
      "TURN#2026-03-02T10:00:00.007Z#000000000042",
    );
  });

  it("makes keys that sort as the messages were written", () => {
    fc.assert(
      fc.property(time, messageId, time, messageId, (a, idA, b, idB) => {
        fc.pre(a !== b);
        // DynamoDB compares the bytes of UTF-8.
        const order = Buffer.compare(Buffer.from(turnKey(a, idA)), Buffer.from(turnKey(b, idB)));
        expect(order).toBe(Math.sign(a - b));
      }),
      { numRuns: 1_000 },
    );
  });

  it("makes keys that sort messages of the same moment by their ids, and tell them apart", () => {
    fc.assert(
      fc.property(time, messageId, messageId, (at, a, b) => {
        const order = Buffer.compare(Buffer.from(turnKey(at, a)), Buffer.from(turnKey(at, b)));
        expect(order).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  it("makes keys that start with what turns are queried by", () => {
    expect(turnKey(0, "x").startsWith(TURN_PREFIX)).toBe(true);
  });

  it("refuses a time that is none", () => {
    expect(() => turnKey(Number.NaN, "x")).toThrow(RangeError);
  });
});
