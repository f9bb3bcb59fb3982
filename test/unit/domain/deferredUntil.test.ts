import { describe, expect, it } from "vitest";
import { type Breaker, deferredUntil } from "../../../lib/domain/Breaker.ts";

const MINUTE = 60_000;

const SESSIONS = Array.from({ length: 2_000 }, (_, index) => `01K${String(index).padStart(23, "0")}`);

describe("deferredUntil", () => {
  it.each([
    ["a new outage", 0, 1, 2],
    ["one of ten minutes", 10, 5, 10],
    ["one of a day", 24 * 60, 7.5, 15],
  ])("spreads the waits evenly from half of the outage's age on: %s", (_name, age, least, most) => {
    const minutes = SESSIONS.map(
      (session) => (deferredUntil(opened(-age), session, 0) / MINUTE - least) / (most - least),
    );
    for (let tenth = 0; tenth < 10; tenth++) {
      const inIt = minutes.filter((at) => at >= tenth / 10 && at <= (tenth + 1) / 10).length;
      expect(inIt / SESSIONS.length).toBeCloseTo(0.1, 1);
    }
    expect(Math.min(...minutes)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...minutes)).toBeLessThanOrEqual(1);
  });

  it("gives a session the same wait each time", () => {
    expect(deferredUntil(opened(-30), "one", 0)).toBe(deferredUntil(opened(-30), "one", 0));
    expect(deferredUntil(opened(-30), "one", 0)).not.toBe(deferredUntil(opened(-30), "two", 0));
  });
});

function opened(minutes: number): Breaker {
  const last = { at: 0, kind: "timeout", message: "late" };
  return { provider: "crm", status: "open", failures: 5, openedAt: minutes * MINUTE, probeAt: 0, last, changedAt: 0 };
}
