import * as v from "valibot";
import { sha256 } from "./ids.ts";

/**
 * A memory provider's circuit breaker, one row a provider; without a row it is closed. Times in milliseconds since the
 * epoch.
 */
export const breakerSchema = v.object({
  /** The provider's name in the config. */
  provider: v.string(),
  /** `open`: the provider is taken for dead, and called by one probe a minute only. */
  status: v.picklist(["closed", "open"]),
  /** Failures in a row that say "down", since the provider last answered. */
  failures: v.number(),
  /** When it opened; only while it is open. */
  openedAt: v.exactOptional(v.number()),
  /** From when on the next probe may be made; only while it is open. */
  probeAt: v.exactOptional(v.number()),
  /** The last failure that said "down", whatever came after it. No secret is in the message. */
  last: v.object({
    at: v.number(),
    /** A `FailureKind`. */
    kind: v.string(),
    /** The HTTP status, where there was one. */
    status: v.exactOptional(v.number()),
    message: v.string(),
  }),
  /** When the row was last written. */
  changedAt: v.number(),
});

export type Breaker = v.InferOutput<typeof breakerSchema>;

/** An outage counts as at least so old, milliseconds: the youngest one's hooks wait for a minute at the least. */
const LEAST = 2 * 60_000;

/** The longest wait behind an open breaker, milliseconds: so late a hook is at the most when its provider is back. */
const MOST = 15 * 60_000;

/**
 * Until when a hook waits behind an open breaker, milliseconds since the epoch: from half of the outage's age on to all of
 * it, from a minute to 15. What has failed for long is looked at less often. Each session has a place of its own between the
 * two, so that hooks that came at once do not come back at once: of 50,000 some 80 a second come in a long outage, and are
 * as many calls a second when the provider is back. A sweep can visit 362.
 */
export function deferredUntil({ openedAt = 0 }: Breaker, session: string, now: number): number {
  const age = Math.min(Math.max(now - openedAt, LEAST), MOST);
  // Other bytes than those that choose the session's part of the index.
  const place = sha256(session).readUInt32BE(4) / 2 ** 32;
  return now + Math.round((age * (1 + place)) / 2);
}
