import { Cron } from "croner";
import { LocalError } from "../LocalError.ts";

/** A schedule's times. */
export type ParsedSchedule =
  /** Again and again after so many milliseconds, the first time at once. */
  | { readonly kind: "rate"; readonly every: number }
  /** At the times of a calendar. */
  | { readonly kind: "cron"; readonly next: (after: Date) => Date | null };

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Parses an EventBridge Scheduler expression: `rate(5 minutes)` or `cron(17 3 * * ? *)`, the six fields of AWS.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 *
 * @param timeZone an IANA name; for cron only
 * @throws LocalError when AWS would refuse it, or for `at(…)`, which nothing here uses
 */
export function parseSchedule(expression: string, timeZone: string): ParsedSchedule {
  const [, kind, body = ""] = /^(rate|cron)\((.*)\)$/.exec(expression) ?? [];
  if (kind === "rate") return { kind, every: parseRate(expression, body) };
  if (kind === "cron") return { kind, next: parseCron(expression, body, timeZone) };
  throw wrong(expression, "rate(…) or cron(…) expected");
}

function parseRate(expression: string, body: string): number {
  const [, amount, unit = ""] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(body) ?? [];
  const length = UNITS[unit];
  if (amount === undefined || length === undefined) {
    throw wrong(expression, "rate(<number> minutes|hours|days) expected");
  }
  return Number(amount) * length;
}

function parseCron(expression: string, body: string, timeZone: string): (after: Date) => Date | null {
  const fields = body.trim().split(/\s+/);
  if (fields.length !== 6) throw wrong(expression, "six fields expected: minute hour day-of-month month weekday year");
  // AWS takes exactly one of the two day fields; croner would take both.
  if ([fields[2], fields[4]].filter((field) => field === "?").length !== 1) {
    throw wrong(expression, 'exactly one of day-of-month and weekday must be "?"');
  }
  try {
    // Without the seconds in front croner reads the six fields as seconds first. AWS counts weekdays from 1, Sunday,
    // and allows a step after a single number.
    const cron = new Cron(`0 ${body}`, { timezone: timeZone, alternativeWeekdays: true, sloppyRanges: true });
    return (after) => cron.nextRun(after);
  } catch (error) {
    throw wrong(expression, error instanceof Error ? error.message : String(error));
  }
}

function wrong(expression: string, why: string): LocalError {
  return new LocalError(`the schedule "${expression}" can't be run: ${why}`);
}
