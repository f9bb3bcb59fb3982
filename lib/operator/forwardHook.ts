import type { Hook } from "../domain/Hook.ts";
import { jobOf } from "../domain/HookJob.ts";
import { overdueAfter } from "../domain/hookSchedule.ts";
import { enqueueHooks } from "../queues/enqueueHooks.ts";
import { queueOf, type SessionEndQueues } from "../queues/sessionEndQueues.ts";
import { mapConcurrently } from "../runtime/async.ts";
import type { Services } from "../services/Services.ts";
import { probeNow } from "../store/breakers.ts";
import { stateKey } from "../store/dueIndex.ts";
import { hookItem } from "../store/keys.ts";
import { conditionHeld, updateItem } from "../store/updateItem.ts";

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
    if (!(await makeDue(services, hook))) return;
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

/** Its attempts stay counted. Should its job get lost, the sweep finds it as it does any other. */
async function makeDue({ table, clock }: Pick<Services, "table" | "clock">, hook: Hook): Promise<boolean> {
  const now = clock.now();
  return conditionHeld(
    updateItem(table, {
      Key: hookItem(hook.session, hook.provider),
      UpdateExpression: "SET nextAttemptAt = :now, #state = :due, #at = :at REMOVE isDeferred",
      ConditionExpression:
        "#status = :pending AND nextAttemptAt = :seen AND attempts = :attempts AND " +
        "(attribute_not_exists(lease) OR lease.#until <= :now)",
      ExpressionAttributeNames: { "#status": "status", "#until": "until", "#state": "state", "#at": "at" },
      ExpressionAttributeValues: {
        ...{ ":now": now, ":at": now + overdueAfter(0), ":due": stateKey("DUE", hook.session) },
        ...{ ":pending": "pending", ":seen": hook.nextAttemptAt, ":attempts": hook.attempts },
      },
    }),
  );
}
