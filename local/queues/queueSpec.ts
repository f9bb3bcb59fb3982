import * as v from "valibot";

/** What the runner reads of an `AWS::SQS::Queue`. Encryption and tags mean nothing here. */
export const queueSpec = v.object({
  QueueName: v.optional(v.string()),
  FifoQueue: v.optional(v.boolean()),
  ContentBasedDeduplication: v.optional(v.boolean()),
  DeduplicationScope: v.optional(v.string()),
  FifoThroughputLimit: v.optional(v.string()),
  VisibilityTimeout: v.optional(v.number()),
  MessageRetentionPeriod: v.optional(v.number()),
  DelaySeconds: v.optional(v.number()),
  MaximumMessageSize: v.optional(v.number()),
  ReceiveMessageWaitTimeSeconds: v.optional(v.number()),
  RedrivePolicy: v.optional(v.object({ deadLetterTargetArn: v.string(), maxReceiveCount: v.number() })),
});

export type QueueSpec = v.InferOutput<typeof queueSpec>;
