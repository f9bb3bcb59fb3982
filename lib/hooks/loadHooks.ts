import { paginateQuery } from "@aws-sdk/lib-dynamodb";
import type { Table } from "../runtime/Services.ts";
import { parse } from "../schema/parse.ts";
import { type Hook, hookSchema } from "./Hook.ts";

/** A session's hook rows, by provider name (a consistent read). */
export async function loadHooks(table: Table, session: string): Promise<readonly Hook[]> {
  const hooks: Hook[] = [];
  const pages = paginateQuery(
    { client: table.client },
    {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
      ExpressionAttributeValues: { ":pk": `SESSION#${session}`, ":prefix": "HOOK#" },
      ConsistentRead: true,
    },
  );
  for await (const page of pages) for (const item of page.Items ?? []) hooks.push(parse(hookSchema, item));
  return hooks;
}
