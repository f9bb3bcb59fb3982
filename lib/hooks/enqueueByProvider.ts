import { enqueueHooks } from "./enqueueHooks.ts";
import type { HookJob } from "./HookJob.ts";
import { queueOf } from "./queueOf.ts";
import type { SessionEndQueues } from "./SessionEndQueues.ts";

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
