import * as z from "zod/mini";

/** What the runner reads of an `AWS::SQS::Queue`. Encryption and tags mean nothing here. */
export const queueSpec = z.object({
  QueueName: z.optional(z.string()),
  FifoQueue: z.optional(z.boolean()),
  ContentBasedDeduplication: z.optional(z.boolean()),
  DeduplicationScope: z.optional(z.string()),
  FifoThroughputLimit: z.optional(z.string()),
  VisibilityTimeout: z.optional(z.number()),
  MessageRetentionPeriod: z.optional(z.number()),
  DelaySeconds: z.optional(z.number()),
  MaximumMessageSize: z.optional(z.number()),
  ReceiveMessageWaitTimeSeconds: z.optional(z.number()),
  RedrivePolicy: z.optional(z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number() })),
});

export type QueueSpec = z.output<typeof queueSpec>;
