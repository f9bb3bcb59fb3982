import type { Json } from "../platforms/Platform.ts";
import { hookItem } from "../runtime/keys.ts";
import type { Table } from "../runtime/Services.ts";
import { updateItem } from "../runtime/updateItem.ts";
import type { Hook } from "./Hook.ts";

/** Stores what the adapter needs to go on from after a crash. */
export async function recordCheckpoint(table: Table, hook: Hook, lease: string, checkpoint: Json): Promise<void> {
  await updateItem(table, {
    Key: hookItem(hook.session, hook.provider),
    UpdateExpression: "SET checkpoint = :checkpoint",
    ConditionExpression: "lease.id = :lease",
    ExpressionAttributeValues: { ":checkpoint": checkpoint, ":lease": lease },
  });
}
