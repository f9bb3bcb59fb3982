/** How deliveries are kept apart by provider. */
export interface Design {
  /** Whether each provider has a queue of its own, with deliveries at once of its own; else all share one of each. */
  readonly ownQueues: boolean;
  /** Whether a provider that is down is called by a probe a minute only. */
  readonly breaker: boolean;
}

/** What came of it; times in milliseconds. */
export interface Outcome {
  /** How long the quick provider's sessions waited since their sealing, shortest first. */
  readonly waits: readonly number[];
  /** Attempts at the dead provider, by the minute in which they were begun. */
  readonly attempts: readonly number[];
  /** The minute from which on its breaker was open and every call of before had ended; undefined: it never was. */
  readonly openFrom: number | undefined;
  /** Since it is back, how long its sessions without a failed attempt took, shortest first. */
  readonly resumed: readonly number[];
  /** Those of them that were not delivered at the end. */
  readonly left: number;
  /** What is not as it should be. */
  readonly wrong: readonly string[];
}
