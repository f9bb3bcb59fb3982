/** How much the surroundings work at once, and how long things take. */
export interface Scale {
  /** Messages, and deliveries to each provider, that are worked at once. */
  readonly concurrency: { readonly message: number; readonly sessionEnd: number };
  /** Milliseconds of its CPU that a function takes for each call; its calls take turns at it. */
  readonly callCpu: number;
  /** The least and the most that the memory provider takes for an answer, milliseconds. */
  readonly provider: readonly [least: number, most: number];
}
