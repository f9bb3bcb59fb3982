import * as z from "zod/mini";

/**
 * What an `AWS::Lambda::EventSourceMapping` may say. Strict: a setting that the runner would ignore stops the start, so
 * that what works here works deployed.
 */
export const mappingSpec = z.strictObject({
  BatchSize: z._default(z.number(), 10),
  BisectBatchOnFunctionError: z._default(z.boolean(), false),
  DestinationConfig: z.optional(z.strictObject({ OnFailure: z.strictObject({ Destination: z.string() }) })),
  Enabled: z._default(z.boolean(), true),
  EventSourceArn: z.string(),
  FilterCriteria: z.optional(z.strictObject({ Filters: z.array(z.strictObject({ Pattern: z.string() })) })),
  FunctionName: z.string(),
  FunctionResponseTypes: z._default(z.array(z.literal("ReportBatchItemFailures")), []),
  MaximumBatchingWindowInSeconds: z._default(z.number(), 0),
  /** Seconds; an older record is given up untried. -1: however old. */
  MaximumRecordAgeInSeconds: z._default(z.number(), -1),
  /** -1: until the records are gone. */
  MaximumRetryAttempts: z._default(z.number(), -1),
  /** Batches of one shard at once. Here always one after the other: the same results in a stricter order. */
  ParallelizationFactor: z._default(z.number(), 1),
  StartingPosition: z.optional(z.enum(["TRIM_HORIZON", "LATEST"])),
  /** Fewer pollers than this have no effect here. */
  ScalingConfig: z.optional(z.strictObject({ MaximumConcurrency: z.number() })),
  Tags: z.optional(z.unknown()),
});

export type MappingSpec = z.output<typeof mappingSpec>;
