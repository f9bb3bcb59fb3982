import type { Receipt } from "../memory/MemoryProvider.ts";
import { hookItem } from "../runtime/keys.ts";
import type { Table } from "../runtime/Services.ts";
import { updateItem } from "../runtime/updateItem.ts";
import type { Hook } from "./Hook.ts";

/** The provider has acknowledged. Holds even if the lease is over: the session is with the provider. */
export async function recordDelivered(table: Table, hook: Hook, receipt: Receipt, now: number): Promise<void> {
  await updateItem(table, {
    Key: hookItem(hook.session, hook.provider),
    UpdateExpression:
      "SET #status = :delivered, receipt = :receipt, deliveredAt = :now REMOVE #state, #at, lease, shelved, deadAt, discarded",
    ConditionExpression: "attribute_exists(pk)",
    ExpressionAttributeNames: { "#status": "status", "#state": "state", "#at": "at" },
    ExpressionAttributeValues: { ":delivered": "delivered", ":receipt": receipt, ":now": now },
  });
}
