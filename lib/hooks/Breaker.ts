import * as v from "valibot";

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
