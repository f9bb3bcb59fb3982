import { type Hook, hookSchema } from "../domain/Hook.ts";
import { jobOf } from "../domain/HookJob.ts";
import { overdueAfter, overdueAt } from "../domain/hookSchedule.ts";
import { enqueueByProvider } from "../queues/enqueueHooks.ts";
import type { SessionEndQueues } from "../queues/sessionEndQueues.ts";
import type { CoreServices } from "../services/Services.ts";
import { recordVisit } from "../store/hookWaits.ts";
import type { ItemKey } from "../store/keys.ts";
import { readItem } from "../store/readItem.ts";
import { parseVersioned } from "../store/versions.ts";

/**
 * Enqueues an unfinished hook that is due and has no job on the queue: it was deferred, or its job is overdue, so that it
 * was lost, purged, or outlived by an outage. Answers the hook as it was found; undefined when it is finished.
 *
 * @throws NewerVersion
 */
export async function visitHook(
  { table, clock, log }: Pick<CoreServices, "table" | "clock" | "log">,
  queues: SessionEndQueues,
  key: ItemKey,
): Promise<Hook | undefined> {
  const item = await readItem(table, key);
  if (!item) return undefined;
  const hook = parseVersioned(hookSchema, item);
  if (hook.status !== "pending") return undefined;
  const now = clock.now();
  const due = overdueAt(hook);
  const isDue = due <= now;
  const isLost = isDue && !hook.isDeferred;
  const enqueues = hook.enqueues + (isLost ? 1 : 0);
  if (isLost) log.warn("hook.overdue", { session: hook.session, provider: hook.provider, enqueues: hook.enqueues });
  if (isDue) await enqueueByProvider(queues, [jobOf(hook)]);
  await recordVisit(table, hook, {
    at: isDue ? now + overdueAfter(enqueues) : due,
    ...(isDue ? { enqueued: { enqueues, now } } : {}),
  });
  return hook;
}
