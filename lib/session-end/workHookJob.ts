import type { HookJob } from "../domain/HookJob.ts";
import { enqueueHooks } from "../queues/enqueueHooks.ts";
import type { HookQueues } from "../queues/sessionEndQueues.ts";
import type { Queue, Services } from "../services/Services.ts";
import { type DeliveryOutcome, deliverHook } from "./deliverHook.ts";

/**
 * Works a job that came from a queue: delivers it, or passes it on to its provider's own queue. An operator may have moved
 * it from the dead-letter queue to any of them, and in another's it would take that one's share of the deliveries. A job
 * that is passed on twice does no harm: the hook's row has the lease.
 *
 * @param deadline when the function is cut off, milliseconds since the epoch
 */
export async function workHookJob(
  services: Services,
  { sessionEnd, dlq }: HookQueues,
  queue: Queue,
  job: HookJob,
  deadline: number,
): Promise<DeliveryOutcome> {
  const own = sessionEnd.get(job.provider);
  if (!own || own.url === queue.url) return deliverHook(services, dlq, job, deadline);
  await enqueueHooks(own, [job]);
  return { outcome: "done" };
}
