import { tzOffset } from "@date-fns/tz/tzOffset";
import type { Conversation } from "./Conversation.ts";
import { sha256 } from "./ids.ts";
import type { EndReason } from "./Session.ts";
import type { SessionPolicy } from "./SessionPolicy.ts";

/** When a session ends by itself, and why. */
export interface Deadline {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly why: Extract<EndReason, "idle" | "daily" | "max-age" | "api">;
}

/**
 * The earliest of a policy's limits; undefined when it has none. Times in milliseconds since the epoch.
 *
 * @param place the conversation's place in the daily boundary's window, from 0 to 1: `hashFraction`
 */
export function deadline(
  policy: SessionPolicy,
  session: { readonly startedAt: number; readonly lastActivityAt: number },
  place = 0,
): Deadline | undefined {
  const limits: Deadline[] = [];
  if (policy.idle !== undefined) limits.push({ at: session.lastActivityAt + policy.idle, why: "idle" });
  if (policy.daily) {
    const later = Math.floor((policy.daily.within ?? 0) * place);
    limits.push({ at: nextDaily(policy.daily, session.lastActivityAt - later) + later, why: "daily" });
  }
  if (policy.maxAge !== undefined) limits.push({ at: session.startedAt + policy.maxAge, why: "max-age" });
  return limits.sort((a, b) => a.at - b.at)[0];
}

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

/**
 * The longest that an open session goes without a look at it: as long as the stream keeps its records. If a session's
 * end got lost there, this is how late the sweep finds it.
 */
const MAX_WAIT_MS = 24 * 3_600_000;

/** When the sweep must look at an open session: at its expiry, or in a day when that is sooner. Milliseconds since the epoch. */
export function nextVisit({ expiresAt }: Pick<Conversation, "expiresAt">, now: number): number {
  return Math.min(expiresAt === undefined ? Number.POSITIVE_INFINITY : expiresAt * 1000, now + MAX_WAIT_MS);
}

/** A number from 0 to below 1 that belongs to a conversation for good; those of many are spread evenly. */
export function hashFraction(conversation: string): number {
  return sha256(conversation).readUInt32BE(0) / 2 ** 32;
}
