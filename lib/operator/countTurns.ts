import { paginateQuery } from "@aws-sdk/lib-dynamodb";
import type { Table } from "../runtime/Services.ts";
import { TURN_PREFIX } from "../transcript/turnKey.ts";

/** How many turns of a session are stored by now; commands are none. */
export async function countTurns(table: Table, session: string): Promise<number> {
  let turns = 0;
  const pages = paginateQuery(
    { client: table.client },
    {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
      FilterExpression: "kind = :turn",
      ExpressionAttributeValues: { ":pk": `SESSION#${session}`, ":prefix": TURN_PREFIX, ":turn": "turn" },
      Select: "COUNT",
      ConsistentRead: true,
    },
  );
  for await (const page of pages) turns += page.Count ?? 0;
  return turns;
}
