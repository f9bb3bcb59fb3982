import fc from "fast-check";
import { decodeTime, isValid } from "ulid";
import { expect, it } from "vitest";
import { ulid } from "../../../lib/runtime/ulid.ts";

const LAST = 2 ** 48 - 1;

const time = fc.oneof(fc.integer({ min: 0, max: LAST }), fc.constantFrom(0, 31, 32, LAST));

it("makes a ULID of its time, as the reference library reads it", () => {
  fc.assert(
    fc.property(time, (now) => {
      const id = ulid(now);
      expect(isValid(id)).toBe(true);
      expect(decodeTime(id)).toBe(now);
    }),
  );
});

it("makes ULIDs that sort by time, whatever follows it", () => {
  fc.assert(
    fc.property(time, time, (a, b) => {
      if (a !== b) expect(ulid(a) < ulid(b)).toBe(a < b);
    }),
  );
});

it("makes another ULID each time, of every digit there is", () => {
  const ids = Array.from({ length: 2_000 }, () => ulid(0));

  expect(new Set(ids).size).toBe(2_000);
  for (let place = 10; place < 26; place++) {
    expect(new Set(ids.map((id) => id[place])).size).toBe(32);
  }
});
