import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { BY_STATE, type State, stateKeys } from "../runtime/byState.ts";
import type { Services, Table } from "../runtime/Services.ts";

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
