import type { Hook } from "../domain/Hook.ts";
import { jobOf } from "../domain/HookJob.ts";
import { enqueueHooks } from "../queues/enqueueHooks.ts";
import { queueOf, type SessionEndQueues } from "../queues/sessionEndQueues.ts";
import { mapConcurrently } from "../runtime/async.ts";
import type { Services } from "../services/Services.ts";
import { probeNow } from "../store/breakers.ts";
import { bringForward } from "../store/hookOperations.ts";

/** Hooks brought forward at once: each is two small calls. */
const CONCURRENCY = 10;

/**
 * Brings pending hooks forward: each is due now and on the queue, as long as it is still what the operator saw, and no
 * worker has it. So two operators, or a retry meanwhile, can't double it; a job of it that is on the queue already finds
 * the lease, or nothing to do. Behind an open breaker the first of a provider's is the probe, and the others wait on until
 * it has answered. Answers those that were brought forward.
 */
export async function forwardHooks(
  services: Pick<Services, "table" | "clock">,
  queues: SessionEndQueues,
  hooks: readonly Hook[],
): Promise<readonly Hook[]> {
  const forwarded: Hook[] = [];
  for (const provider of new Set(hooks.map((hook) => hook.provider))) await probeNow(services, provider);
  await mapConcurrently(hooks, CONCURRENCY, async (hook) => {
    if (!(await bringForward(services, hook))) return;
    await enqueueHooks(queueOf(queues, hook.provider), [jobOf(hook)]);
    forwarded.push(hook);
  });
  return forwarded;
}

/** Brings one pending hook forward, as `forwardHooks` does. Answers whether it was. */
export async function forwardHook(
  services: Pick<Services, "table" | "clock">,
  queues: SessionEndQueues,
  hook: Hook,
): Promise<boolean> {
  return (await forwardHooks(services, queues, [hook])).length > 0;
}
