import { mapConcurrently } from "../runtime/mapConcurrently.ts";
import type { Services } from "../runtime/Services.ts";
import { enqueueByProvider } from "./enqueueByProvider.ts";
import type { Hook } from "./Hook.ts";
import { jobOf } from "./jobOf.ts";
import { queueOf } from "./queueOf.ts";
import { reviveHook } from "./reviveHook.ts";
import type { SessionEndQueues } from "./SessionEndQueues.ts";

/** Hooks revived at once: each is a small call. */
const CONCURRENCY = 16;

/** Hooks whose jobs are enqueued together. When it stops in between, the sweep enqueues them minutes later. */
const BATCH = 50;

/**
 * Makes dead hooks pending again, each by one conditional write, and enqueues their jobs. Answers those that it revived;
 * the others were revived or delivered by somebody else meanwhile.
 *
 * @throws NoSessionEndQueue when the stack has no memory provider; then no hook is revived
 */
export async function reviveHooks(
  services: Pick<Services, "table" | "clock">,
  queues: SessionEndQueues,
  hooks: readonly Hook[],
): Promise<readonly Hook[]> {
  for (const provider of new Set(hooks.map((hook) => hook.provider))) queueOf(queues, provider);
  const revived: Hook[] = [];
  for (let start = 0; start < hooks.length; start += BATCH) {
    const taken: Hook[] = [];
    try {
      await mapConcurrently(hooks.slice(start, start + BATCH), CONCURRENCY, async (hook) => {
        if (hook.deadAt !== undefined && (await reviveHook(services, jobOf(hook), hook.deadAt))) taken.push(hook);
      });
    } finally {
      // Also those before one that failed.
      await enqueueByProvider(queues, taken.map(jobOf));
    }
    revived.push(...taken);
  }
  return revived;
}
