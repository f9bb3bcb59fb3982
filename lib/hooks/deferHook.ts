import { isConditionFailed } from "../runtime/isConditionFailed.ts";
import type { ItemKey } from "../runtime/keys.ts";
import { parseVersioned } from "../runtime/parseVersioned.ts";
import type { Table } from "../runtime/Services.ts";
import { updateItem } from "../runtime/updateItem.ts";
import { type Hook, hookSchema } from "./Hook.ts";
import { refusedHook } from "./refusedHook.ts";

/** What came of it. */
export type DeferOutcome =
  | { readonly outcome: "deferred"; readonly hook: Hook }
  /** It is not to be tried now in any case: the row as it is, undefined when there is none. */
  | { readonly outcome: "refused"; readonly hook: Hook | undefined };

/**
 * Lets a hook that is due wait behind its provider's open breaker: shelved until then, without an attempt. A job of it
 * that is on the queue finds nothing to do.
 *
 * @param times both in milliseconds since the epoch
 */
export async function deferHook(
  table: Table,
  key: ItemKey,
  { now, until }: { readonly now: number; readonly until: number },
): Promise<DeferOutcome> {
  try {
    const attributes = await updateItem(table, {
      Key: key,
      UpdateExpression: "SET nextAttemptAt = :until, #at = :until, shelved = :true",
      ConditionExpression:
        "#status = :pending AND nextAttemptAt <= :now AND (attribute_not_exists(lease) OR lease.#until <= :now)",
      ExpressionAttributeNames: { "#status": "status", "#until": "until", "#at": "at" },
      ExpressionAttributeValues: { ":until": until, ":now": now, ":true": true, ":pending": "pending" },
      ReturnValues: "ALL_NEW",
    });
    return { outcome: "deferred", hook: parseVersioned(hookSchema, attributes) };
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    return { outcome: "refused", hook: refusedHook(error) };
  }
}
