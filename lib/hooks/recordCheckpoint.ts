import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Json } from "../platforms/Platform.ts";
import { hookItem } from "../runtime/keys.ts";
import type { Table } from "../runtime/Services.ts";
import type { Hook } from "./Hook.ts";

/** Stores what the adapter needs to go on from after a crash. */
export async function recordCheckpoint(table: Table, hook: Hook, lease: string, checkpoint: Json): Promise<void> {
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: hookItem(hook.session, hook.provider),
      UpdateExpression: "SET checkpoint = :checkpoint",
      ConditionExpression: "lease.id = :lease",
      ExpressionAttributeValues: { ":checkpoint": checkpoint, ":lease": lease },
    }),
  );
}
