import * as v from "valibot";
import { strictFields } from "../../lib/adapter/schema/strictFields.ts";

/**
 * What an `AWS::Lambda::EventSourceMapping` may say. Strict: a setting that the runner would ignore stops the start, so
 * that what works here works deployed.
 */
export const mappingSpec = strictFields({
  BatchSize: v.optional(v.number(), 10),
  BisectBatchOnFunctionError: v.optional(v.boolean(), false),
  DestinationConfig: v.optional(strictFields({ OnFailure: strictFields({ Destination: v.string() }) })),
  Enabled: v.optional(v.boolean(), true),
  EventSourceArn: v.string(),
  FilterCriteria: v.optional(strictFields({ Filters: v.array(strictFields({ Pattern: v.string() })) })),
  FunctionName: v.string(),
  FunctionResponseTypes: v.optional(v.array(v.literal("ReportBatchItemFailures")), []),
  MaximumBatchingWindowInSeconds: v.optional(v.number(), 0),
  /** Seconds; an older record is given up untried. -1: however old. */
  MaximumRecordAgeInSeconds: v.optional(v.number(), -1),
  /** -1: until the records are gone. */
  MaximumRetryAttempts: v.optional(v.number(), -1),
  /** Batches of one shard at once. Here always one after the other: the same results in a stricter order. */
  ParallelizationFactor: v.optional(v.number(), 1),
  StartingPosition: v.optional(v.picklist(["TRIM_HORIZON", "LATEST"])),
  /** Here the function's threads for one mapping may be fewer. */
  ScalingConfig: v.optional(strictFields({ MaximumConcurrency: v.number() })),
  Tags: v.optional(v.unknown()),
});

export type MappingSpec = v.InferOutput<typeof mappingSpec>;
