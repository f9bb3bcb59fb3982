import { isConditionFailed } from "../runtime/isConditionFailed.ts";
import type { ItemKey } from "../runtime/keys.ts";
import { parseVersioned } from "../runtime/parseVersioned.ts";
import type { Table } from "../runtime/Services.ts";
import { updateItem } from "../runtime/updateItem.ts";
import { type Hook, hookSchema } from "./Hook.ts";

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
  try {
    const attributes = await updateItem(table, {
      Key: key,
      UpdateExpression: "SET #at = :to",
      ConditionExpression: `#status = :pending${from === undefined ? "" : " AND #at = :from"}`,
      ExpressionAttributeNames: { "#at": "at", "#status": "status" },
      ExpressionAttributeValues: { ":to": to, ":pending": "pending", ...(from === undefined ? {} : { ":from": from }) },
      ReturnValues: "ALL_NEW",
    });
    return parseVersioned(hookSchema, attributes);
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    return undefined;
  }
}
