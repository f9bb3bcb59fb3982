/** How much the surroundings work at once, and how long things take. */
export interface Scale {
  /** Messages, and deliveries, that are worked at once. */
  readonly concurrency: { readonly message: number; readonly sessionEnd: number };
  /** Milliseconds of its CPU that a function takes for each call; its calls take turns at it. */
  readonly callCpu: number;
  /** The least and the most that the memory provider takes for an answer, milliseconds. */
  readonly provider: readonly [least: number, most: number];
  /** Whether the session-end queue is fair to its groups, which are the providers. */
  readonly isFair: boolean;
}
