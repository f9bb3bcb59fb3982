import { tzOffset } from "@date-fns/tz/tzOffset";
import type { SessionPolicy } from "../config/Config.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/**
 * The next moment after `after` (milliseconds since the epoch, exclusive) at which the clocks on the wall show the
 * boundary's time of day. A time that a change to summer time skips is read with the offset before the change, so it
 * comes as long after the gap's start as it lies in the gap; one that comes twice is taken the first time.
 */
export function nextDaily({ hour, minute, timeZone }: NonNullable<SessionPolicy["daily"]>, after: number): number {
  const wallNow = after + offset(timeZone, after);
  const midnight = wallNow - (wallNow % DAY);
  // From the day before: a boundary in a gap just before midnight lies in the next day.
  for (let day = midnight - DAY; ; day += DAY) {
    const at = instant(timeZone, day + hour * 60 * MINUTE + minute * MINUTE);
    if (at > after) return at;
  }
}

/** The moment at which the zone's clocks show `wall`, a time of day written as if it were UTC. */
function instant(timeZone: string, wall: number): number {
  // No zone changes its offset twice within two days, so one of the two holds at the wanted moment.
  const before = offset(timeZone, wall - DAY);
  const after = offset(timeZone, wall + DAY);
  const shown = [wall - before, wall - after].filter((at) => at + offset(timeZone, at) === wall);
  return shown.length > 0 ? Math.min(...shown) : wall - before;
}

function offset(timeZone: string, at: number): number {
  return tzOffset(timeZone, new Date(at)) * MINUTE;
}
