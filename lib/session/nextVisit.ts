import type { Conversation } from "./Conversation.ts";

/**
 * The longest that an open session goes without a look at it: as long as the stream keeps its records. If a session's
 * end got lost there, this is how late the sweep finds it.
 */
const LONGEST = 24 * 3_600_000;

/** When the sweep must look at an open session: at its expiry, or in a day when that is sooner. Milliseconds since the epoch. */
export function nextVisit({ expiresAt }: Pick<Conversation, "expiresAt">, now: number): number {
  return Math.min(expiresAt === undefined ? Number.POSITIVE_INFINITY : expiresAt * 1000, now + LONGEST);
}
