import { isConditionFailed } from "../runtime/isConditionFailed.ts";
import type { ItemKey } from "../runtime/keys.ts";
import type { Table } from "../runtime/Services.ts";
import { updateItem } from "../runtime/updateItem.ts";

/** Says when an open session must be looked at next (`at`: milliseconds since the epoch). A sealed one is left alone. */
export async function rearm(table: Table, key: ItemKey, at: number): Promise<void> {
  try {
    await updateItem(table, {
      Key: key,
      UpdateExpression: "SET #at = :at",
      ConditionExpression: "#status = :open",
      ExpressionAttributeNames: { "#at": "at", "#status": "status" },
      ExpressionAttributeValues: { ":at": at, ":open": "open" },
    });
  } catch (error) {
    // It was sealed meanwhile.
    if (!isConditionFailed(error)) throw error;
  }
}
