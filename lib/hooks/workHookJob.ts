import type { Queue, Services } from "../runtime/Services.ts";
import { type DeliveryOutcome, deliverHook } from "./deliverHook.ts";
import { enqueueHooks } from "./enqueueHooks.ts";
import type { HookJob } from "./HookJob.ts";
import type { SessionEndQueues } from "./SessionEndQueues.ts";

/** The queues of the session-end function. */
export interface HookQueues {
  readonly sessionEnd: SessionEndQueues;
  readonly deadLetters: Queue;
}

/**
 * Works a job that came from a queue: delivers it, or passes it on to its provider's own queue. An operator may have moved
 * it from the dead-letter queue to any of them, and in another's it would take that one's share of the deliveries. A job
 * that is passed on twice does no harm: the hook's row has the lease.
 *
 * @param deadline when the function is cut off, milliseconds since the epoch
 */
export async function workHookJob(
  services: Services,
  { sessionEnd, deadLetters }: HookQueues,
  queue: Queue,
  job: HookJob,
  deadline: number,
): Promise<DeliveryOutcome> {
  const own = sessionEnd.get(job.provider);
  if (!own || own.url === queue.url) return deliverHook(services, deadLetters, job, deadline);
  await enqueueHooks(own, [job]);
  return { outcome: "done" };
}
