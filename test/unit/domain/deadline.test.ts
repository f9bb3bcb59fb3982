import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deadline } from "../../../lib/domain/deadline.ts";
import type { SessionPolicy } from "../../../lib/domain/SessionPolicy.ts";

const HOUR = 3_600_000;

const START = Date.UTC(2026, 2, 1, 12);

const session = { startedAt: START, lastActivityAt: START + HOUR };

const daily = { hour: 4, minute: 0, timeZone: "Asia/Bangkok" };

describe("deadline", () => {
  it.each<[string, SessionPolicy, number, string]>([
    ["counts idle from the last activity", { idle: 24 * HOUR }, START + 25 * HOUR, "idle"],
    ["counts the maximum age from the start", { maxAge: 24 * HOUR }, START + 24 * HOUR, "max-age"],
    ["P2 ends daily at the next time of day in the user's zone", { daily }, Date.UTC(2026, 2, 1, 21), "daily"],
    [
      "takes the earliest deadline where that is the day's",
      { idle: 24 * HOUR, daily, maxAge: 48 * HOUR },
      Date.UTC(2026, 2, 1, 21),
      "daily",
    ],
    [
      "takes the earliest deadline where that is the idle one",
      { idle: 2 * HOUR, daily, maxAge: 48 * HOUR },
      START + 3 * HOUR,
      "idle",
    ],
    [
      "takes the earliest deadline where that is the maximum age",
      { idle: 24 * HOUR, daily, maxAge: 5 * HOUR },
      START + 5 * HOUR,
      "max-age",
    ],
  ])("%s", (_, policy, at, why) => {
    expect(deadline(policy, session)).toEqual({ at, why });
  });

  it("takes the next daily boundary after the last activity, not after the start", () => {
    const across = { startedAt: START, lastActivityAt: Date.UTC(2026, 2, 1, 22) };
    expect(deadline({ daily }, across)).toEqual({ at: Date.UTC(2026, 2, 2, 21), why: "daily" });
  });

  it("places a conversation's daily boundary at its own place in the window, the same every day", () => {
    const policy = { daily: { ...daily, within: 2 * HOUR } };
    expect(deadline(policy, session, 0.25)?.at).toBe(Date.UTC(2026, 2, 1, 21, 30));
    const next = { startedAt: START, lastActivityAt: Date.UTC(2026, 2, 1, 21, 30) };
    expect(deadline(policy, next, 0.25)?.at).toBe(Date.UTC(2026, 2, 2, 21, 30));
    const before = { startedAt: START, lastActivityAt: Date.UTC(2026, 2, 1, 21, 29) };
    expect(deadline(policy, before, 0.25)?.at).toBe(Date.UTC(2026, 2, 1, 21, 30));
  });

  it("P6 gives no deadline under the policy none", () => {
    expect(deadline({}, session)).toBeUndefined();
  });

  it("P1 never moves the maximum age by activity, however much of it", () => {
    const policy = fc.record({ idle: fc.integer({ min: 1_000, max: 48 * HOUR }), maxAge: fc.constant(24 * HOUR) });
    fc.assert(
      fc.property(policy, fc.integer({ min: 0, max: 1_000 * HOUR }), (limits, later) => {
        const end = deadline(limits, { startedAt: START, lastActivityAt: START + later });
        expect(end?.at).toBeLessThanOrEqual(START + limits.maxAge);
      }),
    );
  });

  it("never brings the end nearer by more activity, and takes each limit as an upper bound", () => {
    const policies = fc.record(
      {
        idle: fc.integer({ min: 1_000, max: 48 * HOUR }),
        daily: fc.constant(daily),
        maxAge: fc.integer({ min: 1_000, max: 480 * HOUR }),
      },
      { requiredKeys: [] },
    );
    const activity = fc.integer({ min: 0, max: 100 * HOUR });
    fc.assert(
      fc.property(policies, activity, activity, (policy, sooner, more) => {
        const first = deadline(policy, { startedAt: START, lastActivityAt: START + sooner });
        const second = deadline(policy, { startedAt: START, lastActivityAt: START + sooner + more });
        expect(second?.at ?? 0).toBeGreaterThanOrEqual(first?.at ?? 0);
        for (const [name, limit] of Object.entries(policy)) {
          const alone = deadline({ [name]: limit }, { startedAt: START, lastActivityAt: START + sooner });
          expect(first?.at).toBeLessThanOrEqual(alone?.at ?? 0);
        }
      }),
    );
  });
});
