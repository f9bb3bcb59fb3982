import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { askAt } from "../../../lib/domain/hookSchedule.ts";

const AT = Date.UTC(2026, 2, 2, 10);

const HOUR = 3_600_000;

describe("askAt", () => {
  it.each<[string, number, number | undefined]>([
    ["asks after ten seconds at first", 0, 10_000],
    ["asks no sooner of what was accepted by a clock that is ahead", -2_000, 10_000],
    ["asks after as long again as the provider has worked", 40_000, 40_000],
    ["asks each hour of what it has worked on for hours", 7 * HOUR, HOUR],
    ["asks once more when the day is over", 24 * HOUR - 5_000, 5_000],
    ["asks no more of what it has worked on for a day", 24 * HOUR, undefined],
  ])("%s", (_, age, wait) => {
    expect(askAt(AT, AT + age)).toBe(wait === undefined ? undefined : AT + age + wait);
  });

  it("comes to an end after 33 questions, whenever the answers come", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 40, maxLength: 40 }), (delays) => {
        let now = AT;
        let asked = 0;
        for (let next = askAt(AT, now); next !== undefined; next = askAt(AT, now)) now = next + (delays[asked++] ?? 0);
        return asked <= 33;
      }),
    );
  });
});
