import { describe, expect, it } from "vitest";
import { parseSchedule } from "../../../local/schedules/parseSchedule.ts";

/** The next time of a cron expression after a moment. */
function next(expression: string, after: string, zone = "UTC"): string | undefined {
  const schedule = parseSchedule(expression, zone);
  return schedule.kind === "cron" ? schedule.next(new Date(after))?.toISOString() : undefined;
}

describe("parseSchedule", () => {
  it.each([
    ["rate(1 minute)", 60_000],
    ["rate(5 minutes)", 300_000],
    ["rate(2 hours)", 7_200_000],
    ["rate(1 day)", 86_400_000],
  ])("reads %s as every %d ms", (expression, every) => {
    expect(parseSchedule(expression, "UTC")).toEqual({ kind: "rate", every });
  });

  it.each([
    ["daily", "cron(17 3 * * ? *)", "2026-01-01T03:17:00.000Z"],
    ["weekdays counted from Sunday, 1", "cron(0 0 ? * 2 *)", "2026-01-05T00:00:00.000Z"],
    ["the last day of the month", "cron(0 12 L * ? *)", "2026-01-31T12:00:00.000Z"],
    ["a step after a number", "cron(0/15 * * * ? *)", "2026-01-01T00:15:00.000Z"],
    ["a year", "cron(0 0 1 3 ? 2027)", "2027-03-01T00:00:00.000Z"],
  ])("reads %s: %s", (_name, expression, expected) => {
    expect(next(expression, "2026-01-01T00:00:00Z")).toBe(expected);
  });

  it("goes by the time zone's wall clock, summer and winter", () => {
    expect(next("cron(0 4 * * ? *)", "2026-01-01T00:00:00Z", "Europe/Berlin")).toBe("2026-01-01T03:00:00.000Z");
    expect(next("cron(0 4 * * ? *)", "2026-07-01T00:00:00Z", "Europe/Berlin")).toBe("2026-07-01T02:00:00.000Z");
  });

  it.each([
    ["every minute", "rate(…) or cron(…) expected"],
    ["rate(0 minutes)", "rate(<number> minutes|hours|days) expected"],
    ["rate(5 seconds)", "rate(<number> minutes|hours|days) expected"],
    ["cron(0 4 * * ?)", "six fields expected"],
    ["cron(0 4 1 * 1 *)", "exactly one of day-of-month and weekday"],
    ["cron(99 4 * * ? *)", "can't be run"],
  ])("refuses %s as AWS does", (expression, why) => {
    expect(() => parseSchedule(expression, "UTC")).toThrow(why);
  });
});
