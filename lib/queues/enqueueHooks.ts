import type { HookJob } from "../domain/HookJob.ts";
import type { Queue } from "../services/Services.ts";
import { sendBatches } from "./sendBatches.ts";
import { queueOf, type SessionEndQueues } from "./sessionEndQueues.ts";
import { sqsBatch } from "./sqsBatch.ts";

/**
 * Puts jobs on a session-end queue or the dead-letter queue. A job that is sent twice does no harm: the hook row has the
 * lease.
 */
export async function enqueueHooks(queue: Queue, jobs: readonly HookJob[]): Promise<void> {
  await sendBatches(
    sqsBatch(queue),
    jobs.map((job, index) => ({ Id: String(index), MessageBody: JSON.stringify(job) })),
  );
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
