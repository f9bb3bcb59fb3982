import { paginateQuery } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { BY_STATE } from "../runtime/byState.ts";
import type { ItemKey } from "../runtime/keys.ts";
import type { Table } from "../runtime/Services.ts";
import { parse } from "../schema/parse.ts";

/** What the index holds of an item. */
export const entrySchema = v.object({ pk: v.string(), sk: v.string(), at: v.number() });

/** An entry of the index: where the item is, and its time there, milliseconds since the epoch. */
export interface StateEntry extends ItemKey {
  readonly at: number;
}

/** The entries of one partition of the index with the latest times, latest first; `limit` at the most of those taken. */
export async function findInShard(
  table: Table,
  shard: string,
  accept: (entry: StateEntry) => boolean,
  limit: number,
): Promise<readonly StateEntry[]> {
  const found: StateEntry[] = [];
  const pages = paginateQuery(
    { client: table.client },
    {
      TableName: table.name,
      IndexName: BY_STATE,
      KeyConditionExpression: "#state = :state",
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: { ":state": shard },
      ScanIndexForward: false,
    },
  );
  for await (const page of pages) {
    for (const item of page.Items ?? []) {
      const entry = parse(entrySchema, item);
      if (accept(entry)) found.push(entry);
      if (found.length >= limit) return found;
    }
  }
  return found;
}
