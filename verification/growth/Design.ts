/** A gateway and its surroundings, as far as a herd of session ends meets them. */
export interface Design {
  readonly name: string;
  /** Sweeps that share the shards between them. */
  readonly sweeps: number;
  /** The expiry function's memory, MB. */
  readonly expiryMemory: number;
  /** Partitions of the index in which due things wait. */
  readonly shards: number;
  /** Units a second that the table takes, and as many the index. Its stream has a shard for each thousand. */
  readonly writes: number;
  /** Batches of a stream shard at once. */
  readonly parallelization: number;
  /** Deliveries at once. */
  readonly deliveries: number;
  /** How long a provider takes, seconds. */
  readonly provider: number;
  /** Window over which the herd's deadlines are spread, seconds. */
  readonly spread: number;
}
