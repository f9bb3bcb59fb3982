import { paginateQuery } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import type { Table } from "../runtime/Services.ts";
import { TURN_PREFIX } from "../transcript/turnKey.ts";

const writerSchema = v.object({ user: v.object({ id: v.string() }) });

/** The platform's ids of everybody who wrote in a session. */
export async function writersOf(table: Table, session: string): Promise<ReadonlySet<string>> {
  const writers = new Set<string>();
  const pages = paginateQuery(
    { client: table.client },
    {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
      ProjectionExpression: "#user",
      ExpressionAttributeNames: { "#user": "user" },
      ExpressionAttributeValues: { ":pk": `SESSION#${session}`, ":prefix": TURN_PREFIX },
    },
  );
  for await (const page of pages) {
    for (const item of page.Items ?? []) {
      const { success, output } = v.safeParse(writerSchema, item);
      if (success) writers.add(output.user.id);
    }
  }
  return writers;
}
