/**
 * What the simulation reckons with: AWS's limits, each with its page, and what a step costs a function. Rates are a
 * second. Where a page was read as a stored copy, its content may have changed since.
 */
export const limits = {
  /** Writes of one partition, of the table or of an index: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html */
  partitionWrites: 1_000,
  /** Of a new on-demand table, and of its index: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput-scenarios.html */
  newTableWrites: 4_000,
  /** Deliveries with which Lambda begins on a queue, and how many more it adds a minute: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
  pollersAtFirst: 5,
  pollersAMinute: 300,
  /** Memory with which a function has one whole CPU, MB: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
  memoryOfOneCpu: 1_769,
} as const;

/** What a step takes. CPU seconds are of one whole CPU. */
export const costs = {
  /** A call through the AWS SDK: 0.33 ms measured over loopback, and some for TLS. */
  callCpu: 0.4e-3,
  /** A call's answer from within the region. */
  callSeconds: 5e-3,
  /**
   * Calls that follow one another: a visit of an expired session; of an overdue hook; one that only puts it off; a
   * sealing with one provider; a purge.
   */
  calls: { expire: 2, overdue: 3, putOff: 1, seal: 5, purge: 4 },
  /** Visits of a sweep, and sealings of a batch, under way at once: lib/expiry/sweep.ts, lib/expiry/sealFromStream.ts */
  visitsAtOnce: 16,
  /** Of what the visit queue brings, and such messages at once for each sweep: lib/expiry/visitFromQueue.ts, cdk/wiring.ts */
  queuedAtOnce: 16,
  batchesASweep: 2,
  sealingsAtOnce: 10,
  /** Units written to the table; to the index as a whole; to the index partitions of what is due. */
  expire: { table: 1, index: 0, due: 0 },
  seal: { table: 2, index: 3, due: 2 },
  deliver: { table: 2, index: 1, due: 1 },
  /** A delivery beside the provider's time, seconds; and a job that finds its hook delivered already. */
  deliverSeconds: 0.1,
  repeatedSeconds: 0.05,
} as const;

/** The protocol's times, seconds. */
export const times = {
  /** A hook that is pending for so long is enqueued again; doubled each time up to `longestSlack`: lib/domain/hookSchedule.ts */
  overdueAfter: 300,
  longestSlack: 21_600,
  /** For how long a hook is put off whose job waits in a long queue: lib/expiry/hookVisits.ts */
  putOff: 3_600,
  /** Between two sweeps: cdk/wiring.ts */
  sweep: 60,
  /** Between two runs of retention: cdk/wiring.ts; and for how long one begins purges: lib/expiry/purge.ts */
  retention: 600,
  purgeWorks: 110,
} as const;
