import type { Hook } from "../domain/Hook.ts";
import { jobOf } from "../domain/HookJob.ts";
import { enqueueHooks } from "../queues/enqueueHooks.ts";
import { type HookQueues, queueOf } from "../queues/sessionEndQueues.ts";
import type { Queue, Services } from "../services/Services.ts";
import { restoreRow } from "../store/hookOperations.ts";

/**
 * Undoes the discarding of a hook: it is dead again, with its message on the dead-letter queue, or pending and due now.
 * Answers false when it is not discarded any more, or is purged.
 */
export async function restoreHook(
  { table, clock }: Pick<Services, "table" | "clock">,
  queues: HookQueues,
  hook: Hook,
): Promise<boolean> {
  const { discarded, provider, deadAt } = hook;
  if (!discarded) return false;
  const isDead = discarded.was === "dead" && deadAt !== undefined;
  const queue: Queue = isDead ? queues.dlq : queueOf(queues.sessionEnd, provider);
  // Nobody visits a dead row who could send its DLQ message later; one without a death is cleared away.
  if (isDead) await enqueueHooks(queue, [{ ...jobOf(hook), deadAt }]);
  const restored = await restoreRow(table, hook, {
    discardedAt: discarded.at,
    deadAt: isDead ? deadAt : undefined,
    now: clock.now(),
  });
  if (restored && !isDead) await enqueueHooks(queue, [jobOf(hook)]);
  return restored;
}
