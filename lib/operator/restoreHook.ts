import type { Hook } from "../domain/Hook.ts";
import { jobOf } from "../domain/HookJob.ts";
import { overdueAfter } from "../domain/hookSchedule.ts";
import { enqueueHooks } from "../queues/enqueueHooks.ts";
import { type HookQueues, queueOf } from "../queues/sessionEndQueues.ts";
import type { Queue, Services } from "../services/Services.ts";
import { stateKey } from "../store/dueIndex.ts";
import { hookItem } from "../store/keys.ts";
import { conditionHeld, updateItem } from "../store/updateItem.ts";

/**
 * Undoes the discarding of a hook: it is dead again, with its letter on the dead-letter queue, or pending and due now.
 * Answers false when it is not discarded any more, or is purged.
 */
export async function restoreHook(
  { table, clock }: Pick<Services, "table" | "clock">,
  queues: HookQueues,
  hook: Hook,
): Promise<boolean> {
  const { discarded, session, provider, deadAt } = hook;
  if (!discarded) return false;
  const now = clock.now();
  const isDead = discarded.was === "dead" && deadAt !== undefined;
  const queue: Queue = isDead ? queues.deadLetters : queueOf(queues.sessionEnd, provider);
  const restored = await conditionHeld(
    updateItem(table, {
      Key: hookItem(session, provider),
      UpdateExpression: isDead
        ? "SET #status = :status, #state = :state, #at = :at REMOVE discarded"
        : "SET #status = :status, #state = :state, #at = :at, nextAttemptAt = :now REMOVE discarded",
      ConditionExpression: "#status = :skipped AND discarded.#at = :discardedAt",
      ExpressionAttributeNames: { "#status": "status", "#state": "state", "#at": "at" },
      ExpressionAttributeValues: {
        ...{ ":skipped": "skipped", ":discardedAt": discarded.at },
        ...(isDead
          ? { ":status": "dead", ":state": stateKey("DEAD", session), ":at": deadAt }
          : {
              ":status": "pending",
              ":state": stateKey("DUE", session),
              ":at": now + overdueAfter(hook.enqueues),
              ":now": now,
            }),
      },
    }),
  );
  if (restored) await enqueueHooks(queue, [{ ...jobOf(hook), ...(isDead ? { deadAt } : {}) }]);
  return restored;
}
