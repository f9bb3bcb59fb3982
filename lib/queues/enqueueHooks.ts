import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import type { HookJob } from "../domain/HookJob.ts";
import { VesperError } from "../domain/VesperError.ts";
import type { Queue } from "../services/Services.ts";
import { queueOf, type SessionEndQueues } from "./sessionEndQueues.ts";

/** The most entries of one SendMessageBatch. */
const BATCH = 10;

/**
 * Puts jobs on a session-end queue or the dead-letter queue. A job that is sent twice does no harm: the hook row has the
 * lease.
 */
export async function enqueueHooks(queue: Queue, jobs: readonly HookJob[]): Promise<void> {
  for (let start = 0; start < jobs.length; start += BATCH) {
    const { Failed = [] } = await queue.client.send(
      new SendMessageBatchCommand({
        QueueUrl: queue.url,
        Entries: jobs.slice(start, start + BATCH).map((job, index) => ({
          Id: String(index),
          MessageBody: JSON.stringify(job),
        })),
      }),
    );
    if (Failed.length > 0) throw new EnqueueFailed(Failed.length, Failed[0]?.Message ?? Failed[0]?.Code ?? "no reason");
  }
}

class EnqueueFailed extends VesperError {
  override readonly name = "EnqueueFailed";
  readonly retry = true;
  constructor(count: number, reason: string) {
    super(`${count} session-end jobs could not be enqueued: ${reason}`);
  }
}

/**
 * Puts each job on the queue of its provider. A queue that does not take its jobs keeps no other from getting its own;
 * then the first failure is thrown.
 *
 * @throws NoSessionEndQueue when no provider is configured
 */
export async function enqueueByProvider(queues: SessionEndQueues, jobs: readonly HookJob[]): Promise<void> {
  const byQueue = Map.groupBy(jobs, ({ provider }) => queueOf(queues, provider));
  const sent = await Promise.allSettled(Array.from(byQueue, ([queue, own]) => enqueueHooks(queue, own)));
  for (const one of sent) if (one.status === "rejected") throw one.reason;
}
