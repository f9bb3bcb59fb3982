import { paginateQuery } from "@aws-sdk/lib-dynamodb";
import { parseVersioned } from "../runtime/parseVersioned.ts";
import type { Table } from "../runtime/Services.ts";
import { isVoid } from "./isVoid.ts";
import { type Turn, turnSchema } from "./Turn.ts";
import { TURN_PREFIX } from "./turnKey.ts";

/** All turns and commands of a session, oldest first, as they stand now (a consistent read). */
export async function loadTurns(table: Table, session: string): Promise<readonly Turn[]> {
  const turns: Turn[] = [];
  const pages = paginateQuery(
    { client: table.client },
    {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
      ExpressionAttributeValues: { ":pk": `SESSION#${session}`, ":prefix": TURN_PREFIX },
      ConsistentRead: true,
    },
  );
  for await (const page of pages) {
    for (const item of page.Items ?? []) if (!isVoid(item)) turns.push(parseVersioned(turnSchema, item));
  }
  return turns;
}
