import { parseDuration } from "../../adapter/duration.ts";
import { FilterError } from "./FilterError.ts";

/**
 * A stretch of time, milliseconds since the epoch, both ends included. A dead hook counts by its death, another one by its
 * session's end; a session by its end, an open one by its start.
 */
export interface Period {
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** Such as 2026-11-01, 2026-11-01T10:00Z or 2026-11-01T10:00:00.000+01:00. A day begins at midnight UTC. */
const MOMENT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** `since:` or `until:`. A day is meant whole: `until` it ends with the day. @throws FilterError */
export function parseMoment(field: "since" | "until", value: string): Period {
  const at = MOMENT.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) {
    throw new FilterError(`${field}:${value} is no time: give a day such as 2026-11-01, or 2026-11-01T10:00Z`);
  }
  return { [field]: field === "until" && value.length === 10 ? at + 24 * 3_600_000 - 1 : at };
}

/** `age:>2h`, older than two hours, or `age:<2h`, younger. @throws FilterError */
export function parseAge(value: string, now: number): Period {
  const duration = /^[<>]/.test(value) ? parseDuration(value.slice(1)) : undefined;
  if (duration === undefined) throw new FilterError(`age:${value} is no age: give age:>2h or age:<30m`);
  return value.startsWith(">") ? { until: now - duration } : { since: now - duration };
}

/** What lies in both. */
export function overlap(a: Period, b: Period): Period {
  const since = Math.max(a.since ?? Number.NEGATIVE_INFINITY, b.since ?? Number.NEGATIVE_INFINITY);
  const until = Math.min(a.until ?? Number.POSITIVE_INFINITY, b.until ?? Number.POSITIVE_INFINITY);
  return { ...(Number.isFinite(since) ? { since } : {}), ...(Number.isFinite(until) ? { until } : {}) };
}

/** Whether a time is in it. */
export function isWithin({ since, until }: Period, at: number): boolean {
  return at >= (since ?? Number.NEGATIVE_INFINITY) && at <= (until ?? Number.POSITIVE_INFINITY);
}
