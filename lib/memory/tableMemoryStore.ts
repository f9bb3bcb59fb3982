import { DeleteCommand, PutCommand, paginateQuery } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { isTaken } from "../runtime/isTaken.ts";
import type { Table } from "../runtime/Services.ts";
import { tableForProvider } from "../runtime/tableForProvider.ts";
import { parse } from "../schema/parse.ts";
import type { MemoryRow, MemoryStore } from "./MemoryStore.ts";

const rowSchema = v.object({ id: v.string(), kind: v.string(), text: v.string(), at: v.number() });

/** Memories in the gateway's own table: one partition a scope, one item a row. */
export function tableMemoryStore(table: Table): MemoryStore {
  const pk = (scope: string) => `MEMORY#${scope}`;

  const rows = async (scope: string): Promise<readonly MemoryRow[]> => {
    const found: MemoryRow[] = [];
    const pages = paginateQuery(
      { client: table.client },
      {
        TableName: table.name,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": pk(scope) },
        ConsistentRead: true,
      },
    );
    for await (const page of pages) for (const item of page.Items ?? []) found.push(parse(rowSchema, item));
    return found;
  };

  return {
    put: (scope, written) =>
      tableForProvider(async () => {
        for (const row of written) await putNewest(table, pk(scope), row);
      }),
    list: (scope, limit) =>
      tableForProvider(async () => [...(await rows(scope))].sort((a, b) => b.at - a.at).slice(0, limit)),
    clear: (scope) =>
      tableForProvider(async () => {
        for (const { id } of await rows(scope)) {
          await table.client.send(new DeleteCommand({ TableName: table.name, Key: { pk: pk(scope), sk: id } }));
        }
      }),
  };
}

/** Leaves a row alone that was learnt later: an older session may be delivered after a newer one. */
async function putNewest(table: Table, pk: string, row: MemoryRow): Promise<void> {
  await isTaken(
    table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { pk, sk: row.id, ...row },
        ConditionExpression: "attribute_not_exists(pk) OR #at <= :at",
        ExpressionAttributeNames: { "#at": "at" },
        ExpressionAttributeValues: { ":at": row.at },
      }),
    ),
  );
}
