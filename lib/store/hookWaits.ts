import { type Hook, hookSchema } from "../domain/Hook.ts";
import type { Table } from "../services/Services.ts";
import { hookKey, hookUpdate, refusedHook } from "./hooks.ts";
import type { ItemKey } from "./keys.ts";
import { conditionHeld, isConditionFailed, updateItem } from "./updateItem.ts";
import { parseVersioned } from "./versions.ts";

/* The writes of a hook's row that say when it is looked at again, while nobody works on it. */

/** What came of it; `refused`: it is not to be tried now in any case, and undefined when there is no row. */
export type DeferOutcome =
  | { readonly outcome: "deferred"; readonly hook: Hook }
  | { readonly outcome: "refused"; readonly hook: Hook | undefined };

/**
 * Lets a hook that is due wait behind its provider's open breaker: deferred until then, without an attempt. A job of it
 * that is on the queue finds nothing to do.
 *
 * @param times both in milliseconds since the epoch
 */
export async function deferHook(
  table: Table,
  key: ItemKey,
  times: { readonly now: number; readonly until: number },
): Promise<DeferOutcome> {
  const update = hookUpdate(key, {
    UpdateExpression: "SET nextAttemptAt = :until, #at = :until, isDeferred = :true",
    ConditionExpression:
      "#status = :pending AND nextAttemptAt <= :now AND (attribute_not_exists(lease) OR lease.#until <= :now)",
    values: { ...times, true: true, pending: "pending" },
    ReturnValues: "ALL_NEW",
  });
  try {
    return { outcome: "deferred", hook: parseVersioned(hookSchema, await updateItem(table, update)) };
  } catch (error) {
    return { outcome: "refused", hook: refusedHook(error) };
  }
}

/**
 * Says when the sweep must look at an unfinished hook next, and answers the hook; undefined when it is finished, or is
 * not due at `from` any more, as somebody else has looked at it or worked on it.
 *
 * @param visit both in milliseconds since the epoch; `from` may be left out
 * @throws NewerVersion
 */
export async function postponeHook(
  table: Table,
  key: ItemKey,
  { from, to }: { readonly from?: number; readonly to: number },
): Promise<Hook | undefined> {
  const update = hookUpdate(key, {
    UpdateExpression: "SET #at = :to",
    ConditionExpression: `#status = :pending${from === undefined ? "" : " AND #at = :from"}`,
    values: { to, pending: "pending", ...(from === undefined ? {} : { from }) },
    ReturnValues: "ALL_NEW",
  });
  try {
    return parseVersioned(hookSchema, await updateItem(table, update));
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    return undefined;
  }
}

/**
 * Notes that the sweep has looked at a pending hook, and has enqueued its job. Does nothing when a worker has taken the hook
 * up meanwhile: the worker says itself when it is due.
 *
 * @param visit `enqueues` counts what was lost; `at` is when to look again, milliseconds since the epoch
 */
export async function recordVisit(
  table: Table,
  hook: Hook,
  visit: { readonly at: number; readonly enqueued?: { readonly enqueues: number; readonly now: number } },
): Promise<void> {
  const update = hookUpdate(hookKey(hook), {
    UpdateExpression: visit.enqueued
      ? "SET #at = :at, enqueues = :enqueues, enqueuedAt = :now REMOVE isDeferred"
      : "SET #at = :at",
    ConditionExpression: "#status = :pending AND attempts = :attempts AND nextAttemptAt = :next",
    values: {
      ...{ at: visit.at, ...visit.enqueued },
      ...{ pending: "pending", attempts: hook.attempts, next: hook.nextAttemptAt },
    },
  });
  await conditionHeld(updateItem(table, update));
}
