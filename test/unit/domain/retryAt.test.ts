import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retryAt } from "../../../lib/domain/hookSchedule.ts";

const NOW = Date.UTC(2026, 2, 2, 10);

const MINUTE = 60_000;

const schedule = [10_000, 2 * MINUTE, 60 * MINUTE];

describe("retryAt", () => {
  it.each<[string, number, number | undefined, number | undefined]>([
    ["waits after the first attempt", 1, undefined, 10_000],
    ["waits longer after the second", 2, undefined, 2 * MINUTE],
    ["waits for the last wait of the schedule", 3, undefined, 60 * MINUTE],
    ["L10 gives no further attempt when the schedule is used up", 4, undefined, undefined],
    ["L10 gives none then, whatever the provider asks for", 4, 1_000, undefined],
    ["waits as long as the provider asks for", 1, 5 * MINUTE, 5 * MINUTE],
    ["waits no shorter because the provider would take the session", 3, 1_000, 60 * MINUTE],
    ["waits for 15 minutes when the provider asks for a day by mistake", 1, 24 * 60 * MINUTE, 15 * MINUTE],
  ])("%s", (_, attempts, retryAfter, wait) => {
    expect(retryAt(schedule, attempts, NOW, retryAfter)).toBe(wait === undefined ? undefined : NOW + wait);
  });

  it("never gives an attempt before the schedule says, and never without end", () => {
    const waits = fc.array(fc.integer({ min: 1_000, max: 11 * 60 * MINUTE }), { minLength: 1, maxLength: 50 });
    const asked = fc.option(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), { nil: undefined });
    fc.assert(
      fc.property(waits, fc.integer({ min: 1, max: 60 }), asked, (some, attempts, retryAfter) => {
        const at = retryAt(some, attempts, NOW, retryAfter);
        const wait = some[attempts - 1];
        expect(at === undefined).toBe(wait === undefined);
        if (at === undefined || wait === undefined) return;
        expect(at).toBeGreaterThanOrEqual(NOW + wait);
        expect(at).toBeLessThanOrEqual(NOW + Math.max(wait, 15 * MINUTE));
      }),
    );
  });
});
