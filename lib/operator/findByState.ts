import { paginateQuery, QueryCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { parse } from "../adapter/schema/parse.ts";
import type { Services, Table } from "../services/Services.ts";
import { BY_STATE, type State, stateKeys } from "../store/dueIndex.ts";
import type { ItemKey } from "../store/keys.ts";

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

/**
 * The entries of a state with the latest times, latest first; `limit` at the most of those that `accept` takes. The
 * index lags a moment behind the table: what it names must be read before it is believed.
 */
export async function findByState(
  table: Table,
  state: State,
  accept: (entry: StateEntry) => boolean,
  limit = Number.POSITIVE_INFINITY,
): Promise<readonly StateEntry[]> {
  const shards = await Promise.all(stateKeys(state).map((shard) => findInShard(table, shard, accept, limit)));
  return shards
    .flat()
    .sort((a, b) => b.at - a.at)
    .slice(0, limit);
}

/** What is counted further than this is told as at least so many: nobody needs it exactly, and it takes reading all. */
const MOST_COUNTED = 10_000;

/** How many rows wait for something; `MOST_COUNTED` or a little more means at least so many. */
export interface StateCounts {
  readonly openSessions: number;
  readonly pendingHooks: number;
  readonly deadHooks: number;
  readonly failedReplies: number;
}

/** Counts what is in the index, without reading the rows. */
export async function countStates({ table }: Pick<Services, "table">): Promise<StateCounts> {
  const [openSessions, pendingHooks, deadHooks, failedReplies] = await Promise.all([
    count(table, "DUE", "SESSION#"),
    count(table, "DUE", "HOOK#"),
    count(table, "DEAD", "HOOK#"),
    count(table, "UNSENT", "TURN#"),
  ]);
  return { openSessions, pendingHooks, deadHooks, failedReplies };
}

async function count(table: Table, state: State, kind: string): Promise<number> {
  const keys = stateKeys(state);
  const counts = await Promise.all(keys.map((key) => countShard(table, key, kind, MOST_COUNTED / keys.length)));
  return counts.reduce((sum, one) => sum + one, 0);
}

async function countShard(table: Table, key: string, kind: string, most: number): Promise<number> {
  let counted = 0;
  let start: Record<string, unknown> | undefined;
  do {
    const { Count = 0, LastEvaluatedKey } = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        IndexName: BY_STATE,
        Select: "COUNT",
        KeyConditionExpression: "#state = :state",
        FilterExpression: "begins_with(sk, :kind)",
        ExpressionAttributeNames: { "#state": "state" },
        ExpressionAttributeValues: { ":state": key, ":kind": kind },
        Limit: most,
        ...(start ? { ExclusiveStartKey: start } : {}),
      }),
    );
    counted += Count;
    start = LastEvaluatedKey;
  } while (start && counted < most);
  return counted;
}
