import { isTaken } from "../runtime/isTaken.ts";
import { hookItem } from "../runtime/keys.ts";
import type { Services } from "../runtime/Services.ts";
import { updateItem } from "../runtime/updateItem.ts";
import type { Hook } from "./Hook.ts";

/**
 * Gives up a dead or pending hook on an operator's word: it is skipped from now on, and keeps its transcript no longer than
 * `retention`. Answers false when it is not what the operator saw any more, or a worker has it.
 *
 * @param word who says so, and why
 */
export async function discardHook(
  { table, clock }: Pick<Services, "table" | "clock">,
  hook: Hook,
  { by, why }: { readonly by: string; readonly why: string },
): Promise<boolean> {
  const { status, deadAt } = hook;
  if (status !== "dead" && status !== "pending") return false;
  const now = clock.now();
  const isDead = status === "dead";
  return isTaken(
    updateItem(table, {
      Key: hookItem(hook.session, hook.provider),
      UpdateExpression: "SET #status = :skipped, discarded = :discarded REMOVE #state, #at, lease, shelved",
      ConditionExpression: isDead
        ? "#status = :was AND deadAt = :seen"
        : "#status = :was AND nextAttemptAt = :seen AND (attribute_not_exists(lease) OR lease.#until <= :now)",
      ExpressionAttributeNames: {
        ...{ "#status": "status", "#state": "state", "#at": "at" },
        ...(isDead ? {} : { "#until": "until" }),
      },
      ExpressionAttributeValues: {
        ...{ ":skipped": "skipped", ":was": status, ":discarded": { at: now, by, why, was: status } },
        ...(isDead ? { ":seen": deadAt } : { ":seen": hook.nextAttemptAt, ":now": now }),
      },
    }),
  );
}
