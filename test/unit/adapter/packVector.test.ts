import fc from "fast-check";
import { expect, it } from "vitest";
import { packVector } from "../../../lib/adapter/packVector.ts";

it("makes a vector of length one, whatever its length was, a signed byte a number", () => {
  expect([...new Int8Array(packVector([3, -4]))]).toEqual([76, -102]);
  expect([...new Int8Array(packVector([0.0003, -0.0004]))]).toEqual([76, -102]);
});

it("keeps every number to half of a byte's step", () => {
  const numbers = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 64 });
  fc.assert(
    fc.property(numbers, (given) => {
      const length = Math.hypot(...given);
      fc.pre(length > 1e-3);
      for (const [at, byte] of new Int8Array(packVector(given)).entries()) {
        expect(Math.abs(byte / 127 - (given[at] ?? 0) / length)).toBeLessThanOrEqual(0.5 / 127 + 1e-9);
      }
    }),
  );
});

it.each([[[0, 0]], [[]], [[Number.NaN, 1]], [[Number.POSITIVE_INFINITY, 1]]])(
  "refuses %j, which has no direction",
  (given) => {
    expect(() => packVector(given)).toThrow(/of no direction/);
  },
);

it.each([16_385, 200_000])(
  "refuses a vector of %s numbers, for which no row has place, and tells how many are taken",
  (length) => {
    expect(() => packVector(new Array(length).fill(1))).toThrow(`more than 16384 numbers: ${length}`);
  },
);
