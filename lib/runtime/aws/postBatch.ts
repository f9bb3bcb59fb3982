import * as v from "valibot";
import type { AwsCaller } from "./awsCaller.ts";

/** A message on its way to a queue, as SQS names its parts. */
export interface BatchEntry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
  readonly DelaySeconds?: number;
}

/** An entry that the queue did not take. */
export interface RefusedEntry {
  readonly Code?: string | undefined;
  readonly Message?: string | undefined;
}

/** Sends up to ten entries to a queue in one call, and answers those that the queue did not take. */
export type SendBatch = (entries: readonly BatchEntry[]) => Promise<readonly RefusedEntry[]>;

const answerSchema = v.object({
  Failed: v.optional(v.array(v.object({ Code: v.optional(v.string()), Message: v.optional(v.string()) })), []),
});

/**
 * Sends to a queue without AWS's SDK: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 * A call may be repeated, so the queue must know a repeated entry: a FIFO queue does, by its deduplication id.
 *
 * @param endpoint where SQS answers
 * @param url the queue's
 */
export function postBatch(call: AwsCaller, endpoint: string, url: string): SendBatch {
  const operation = { service: "sqs", endpoint, target: "AmazonSQS.SendMessageBatch", version: "1.0" } as const;
  return async (entries) => v.parse(answerSchema, await call(operation, { QueueUrl: url, Entries: entries })).Failed;
}
