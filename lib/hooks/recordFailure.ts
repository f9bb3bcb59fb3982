import { stateKey } from "../runtime/byState.ts";
import { isTaken } from "../runtime/isTaken.ts";
import { hookItem } from "../runtime/keys.ts";
import type { Table } from "../runtime/Services.ts";
import { updateItem } from "../runtime/updateItem.ts";
import type { Hook, HookAttempt } from "./Hook.ts";
import { isShelved } from "./isShelved.ts";
import { LONG_UNFINISHED } from "./longUnfinished.ts";
import { overdueAt } from "./overdueAt.ts";

/**
 * Failures that a hook row keeps, the last ones: enough to see a pattern. Five with 500 characters of message and 500 of
 * body each make the row some 6 KB, and so each write of it six units.
 */
const KEPT_FAILURES = 5;

/**
 * An attempt failed: the row says so, and when the next one is due, or that the hook is dead. Answers whether it was
 * recorded; not when the lease has passed to another worker, whose word counts then.
 */
export async function recordFailure(
  table: Table,
  hook: Hook,
  lease: string,
  failure: HookAttempt,
  next: { readonly retryAt: number } | { readonly deadAt: number },
): Promise<boolean> {
  const dead = "deadAt" in next;
  const now = failure.at + failure.took;
  const shelved = !dead && isShelved(next.retryAt - now);
  const failures = [...hook.failures, failure].slice(-KEPT_FAILURES);
  return isTaken(
    updateItem(table, {
      Key: hookItem(hook.session, hook.provider),
      UpdateExpression:
        `SET failures = :failures, attempts = :attempts, #status = :status, #state = :state, #at = :at, ` +
        `${dead ? "deadAt" : "nextAttemptAt"} = :when${shelved ? ", shelved = :true REMOVE lease" : " REMOVE lease, shelved"}`,
      ConditionExpression: "lease.id = :lease AND #status = :pending",
      ExpressionAttributeNames: { "#status": "status", "#state": "state", "#at": "at" },
      ExpressionAttributeValues: {
        ":failures": failures,
        ":attempts": hook.attempts,
        ...(shelved ? { ":true": true } : {}),
        ":status": dead ? "dead" : "pending",
        ":pending": "pending",
        ":when": dead ? next.deadAt : next.retryAt,
        ":state": stateKey(dead ? "DEAD" : "DUE", hook.session),
        ":at": dead ? next.deadAt : visitAt({ ...hook, nextAttemptAt: next.retryAt, shelved }, now),
        ":lease": lease,
      },
    }),
  );
}

/**
 * When the sweep must look at it, milliseconds since the epoch: when it must be enqueued; but once it has been unfinished
 * for long, so that sweeps tell its age while it waits.
 */
function visitAt({ lease: _, ...hook }: Hook, now: number): number {
  return Math.min(overdueAt(hook), Math.max(now, hook.createdAt + LONG_UNFINISHED));
}
