import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { type Hook, hookSchema } from "../../lib/domain/Hook.ts";
import type { Table } from "../../lib/services/Services.ts";

/** The ledger's dead hooks. */
export async function deadHooks(table: Table): Promise<readonly Hook[]> {
  const { Items = [] } = await table.client.send(
    new ScanCommand({
      TableName: table.name,
      FilterExpression: "#status = :dead",
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: { ":dead": "dead" },
    }),
  );
  return Items.map((item) => v.parse(hookSchema, item));
}
