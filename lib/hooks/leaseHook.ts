import { isConditionFailed } from "../runtime/isConditionFailed.ts";
import { hookItem } from "../runtime/keys.ts";
import { parseVersioned } from "../runtime/parseVersioned.ts";
import type { Services } from "../runtime/Services.ts";
import { updateItem } from "../runtime/updateItem.ts";
import { type Hook, hookSchema } from "./Hook.ts";
import type { HookJob } from "./HookJob.ts";
import { refusedHook } from "./refusedHook.ts";

/** What a worker finds when it reaches for a hook. */
export type LeaseOutcome =
  /** It is ours until the lease is over. `crashed`: the attempt before this one ended without a word. */
  | { readonly outcome: "leased"; readonly hook: Hook; readonly lease: string; readonly crashed: boolean }
  /** It is not ours to do: the row as it is, undefined when there is none. */
  | { readonly outcome: "refused"; readonly hook: Hook | undefined };

/**
 * Takes the lease of a pending hook that is due, and counts the attempt, in one conditional write.
 *
 * @param until when the lease is over whatever happens, milliseconds since the epoch
 */
export async function leaseHook(services: Services, job: HookJob, until: number): Promise<LeaseOutcome> {
  const { table, clock } = services;
  const now = clock.now();
  const lease = services.newId();
  try {
    const before = await updateItem(table, {
      Key: hookItem(job.session, job.provider),
      UpdateExpression: "SET lease = :lease, attempts = attempts + :one REMOVE shelved",
      ConditionExpression:
        "#status = :pending AND nextAttemptAt <= :now AND (attribute_not_exists(lease) OR lease.#until <= :now)",
      ExpressionAttributeNames: { "#status": "status", "#until": "until" },
      ExpressionAttributeValues: { ":lease": { id: lease, until }, ":one": 1, ":pending": "pending", ":now": now },
      ReturnValues: "ALL_OLD",
    });
    const { lease: left, shelved: _, ...hook } = parseVersioned(hookSchema, before);
    return {
      outcome: "leased",
      hook: { ...hook, attempts: hook.attempts + 1, lease: { id: lease, until } },
      lease,
      // Whoever ends an attempt gives the lease back.
      crashed: left !== undefined,
    };
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    const hook = refusedHook(error);
    // The SDK repeats a write whose answer was lost; then it is our own lease that stands in the way.
    return hook?.lease?.id === lease
      ? { outcome: "leased", hook, lease, crashed: false }
      : { outcome: "refused", hook };
  }
}
