import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deliveryKey } from "../../../lib/domain/ids.ts";

describe("deliveryKey", () => {
  it("D4 makes the same key for every attempt and on every version, as the key must never change", () => {
    const key = deliveryKey("default", "builtin", "01J0000000000000000000000");
    expect(key).toBe("34134778cc812118327091f80874307d43a62094379b3c58d60bbbd921792a6d");
    expect(deliveryKey("default", "builtin", "01J0000000000000000000000")).toBe(key);
  });

  it("W9 makes another key when tenant, provider or session differ, however they are cut", () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('"', ",", "\\", "[", "]", "a") }));
    const parts = fc.tuple(text, text, text);
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(deliveryKey(...a) === deliveryKey(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
        expect(deliveryKey(...a)).toMatch(/^[0-9a-f]{64}$/);
      }),
      { numRuns: 1_000 },
    );
  });
});
