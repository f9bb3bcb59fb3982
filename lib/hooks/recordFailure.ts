import { stateKey } from "../runtime/byState.ts";
import { isTaken } from "../runtime/isTaken.ts";
import { hookItem } from "../runtime/keys.ts";
import type { Table } from "../runtime/Services.ts";
import { updateItem } from "../runtime/updateItem.ts";
import type { Hook, HookAttempt } from "./Hook.ts";
import { LONG_UNFINISHED } from "./longUnfinished.ts";
import { slack } from "./slack.ts";

/** Failures that a hook row keeps, the last ones: enough to see a pattern, and the row stays one write unit. */
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
  const failures = [...hook.failures, failure].slice(-KEPT_FAILURES);
  return isTaken(
    updateItem(table, {
      Key: hookItem(hook.session, hook.provider),
      UpdateExpression: `SET failures = :failures, #status = :status, ${dead ? "deadAt" : "nextAttemptAt"} = :when, #state = :state, #at = :at REMOVE lease`,
      ConditionExpression: "lease.id = :lease AND #status = :pending",
      ExpressionAttributeNames: { "#status": "status", "#state": "state", "#at": "at" },
      ExpressionAttributeValues: {
        ":failures": failures,
        ":status": dead ? "dead" : "pending",
        ":pending": "pending",
        ":when": dead ? next.deadAt : next.retryAt,
        ":state": stateKey(dead ? "DEAD" : "DUE", hook.session),
        ":at": dead ? next.deadAt : visitAt(hook, failure, next.retryAt),
        ":lease": lease,
      },
    }),
  );
}

/**
 * When the sweep must look at it, milliseconds since the epoch: when its job is taken for lost; but one that is unfinished
 * for long at once, so that sweeps tell its age while it waits.
 */
function visitAt(hook: Hook, { at, took }: HookAttempt, retryAt: number): number {
  const now = at + took;
  return now - hook.createdAt >= LONG_UNFINISHED ? now : retryAt + slack(hook.enqueues);
}
