import { paginateQuery } from "@aws-sdk/lib-dynamodb";
import { type Hook, hookSchema } from "../domain/Hook.ts";
import type { Table } from "../services/Services.ts";
import { parseVersioned } from "./versions.ts";

/** A session's hook rows, by provider name (a consistent read). */
export async function loadHooks(table: Table, session: string): Promise<readonly Hook[]> {
  return (await queryHooks(table, session)).map((item) => parseVersioned(hookSchema, item));
}

/** A session's hook rows as they stand in the table, by provider name (a consistent read). */
export async function queryHooks(table: Table, session: string): Promise<readonly Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  const pages = paginateQuery(
    { client: table.client },
    {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
      ExpressionAttributeValues: { ":pk": `SESSION#${session}`, ":prefix": "HOOK#" },
      ConsistentRead: true,
    },
  );
  for await (const page of pages) items.push(...(page.Items ?? []));
  return items;
}
