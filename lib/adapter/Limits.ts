/** What a memory provider's service takes; what is absent it does not state. */
export interface Limits {
  /** Messages in a call. */
  readonly messages?: number;
  /** Characters of a message. */
  readonly characters?: number;
  /** Deliveries at once, 2 to 1,000: as many calls of the provider's queue the stack makes at the most. */
  readonly concurrency?: number;
}
