import { isTaken } from "../runtime/isTaken.ts";
import type { ItemKey } from "../runtime/keys.ts";
import type { Table } from "../runtime/Services.ts";
import { updateItem } from "../runtime/updateItem.ts";

/** Says when an open session must be looked at next (`at`: milliseconds since the epoch). A sealed one is left alone. */
export async function rearm(table: Table, key: ItemKey, at: number): Promise<void> {
  // Not taken when it was sealed meanwhile.
  await isTaken(
    updateItem(table, {
      Key: key,
      UpdateExpression: "SET #at = :at",
      ConditionExpression: "#status = :open",
      ExpressionAttributeNames: { "#at": "at", "#status": "status" },
      ExpressionAttributeValues: { ":at": at, ":open": "open" },
    }),
  );
}
