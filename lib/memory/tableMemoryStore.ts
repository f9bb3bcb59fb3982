import { DeleteCommand, PutCommand, paginateQuery } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import type { Clock } from "../runtime/Clock.ts";
import { isTaken } from "../runtime/isTaken.ts";
import type { Table } from "../runtime/Services.ts";
import { tableForProvider } from "../runtime/tableForProvider.ts";
import { updateItem } from "../runtime/updateItem.ts";
import { parse } from "../schema/parse.ts";
import type { MemoryRow, MemoryStore } from "./MemoryStore.ts";
import { newestOfEachKind } from "./newestOfEachKind.ts";

/** Rows of a kind that are kept: twice as many as a recall may ask for. Bounds what is read. */
const MOST_KEPT = 200;

const rowSchema = v.object({
  id: v.string(),
  kind: v.string(),
  text: v.string(),
  at: v.number(),
  /** On one that is given up: the table's TTL deletes it. Seconds since the epoch. */
  expiresAt: v.exactOptional(v.number()),
});

type StoredRow = v.InferOutput<typeof rowSchema>;

/** Memories in the gateway's own table: one partition a scope, one item a row. */
export function tableMemoryStore(table: Table, clock: Clock): MemoryStore {
  return {
    put: (scope, written) =>
      tableForProvider(async () => {
        const pk = pkOf(scope);
        for (const row of written) await putNewest(table, pk, row);
        const rows = await readAll(table, pk);
        const kept = new Set(newestOfEachKind(rows, MOST_KEPT));
        for (const row of rows)
          if (!kept.has(row) && row.expiresAt === undefined) await giveUp(table, pk, row, clock.now());
      }),
    list: (scope, limit) =>
      tableForProvider(async () => {
        const rows = newestOfEachKind(await readAll(table, pkOf(scope)), Math.min(limit, MOST_KEPT));
        return rows.map(({ id, kind, text, at }) => ({ id, kind, text, at }));
      }),
    clear: (scope) =>
      tableForProvider(async () => {
        const pk = pkOf(scope);
        for (const { id } of await readAll(table, pk)) {
          await table.client.send(new DeleteCommand({ TableName: table.name, Key: { pk, sk: id } }));
        }
      }),
  };
}

const pkOf = (scope: string) => `MEMORY#${scope}`;

async function readAll(table: Table, pk: string): Promise<readonly StoredRow[]> {
  const found: StoredRow[] = [];
  const pages = paginateQuery(
    { client: table.client },
    {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": pk },
      ConsistentRead: true,
    },
  );
  for await (const page of pages) for (const item of page.Items ?? []) found.push(parse(rowSchema, item));
  return found;
}

/**
 * Leaves a row alone that was learnt later: an older session may be delivered after a newer one. Of two of the same time
 * the text decides, so that the order of deliveries does not.
 */
async function putNewest(table: Table, pk: string, row: MemoryRow): Promise<void> {
  await isTaken(
    table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { pk, sk: row.id, ...row },
        ConditionExpression: "attribute_not_exists(pk) OR #at < :at OR (#at = :at AND #text <= :text)",
        ExpressionAttributeNames: { "#at": "at", "#text": "text" },
        ExpressionAttributeValues: { ":at": row.at, ":text": row.text },
      }),
    ),
  );
}

/**
 * Leaves a row to TTL, unless it was learnt anew meanwhile. Not deleted here, as the function that delivers has no right
 * to delete anything. The time must lie in the past, but TTL ignores what lies back for more than five years:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html
 */
async function giveUp(table: Table, pk: string, { id, at }: StoredRow, now: number): Promise<void> {
  await isTaken(
    updateItem(table, {
      Key: { pk, sk: id },
      UpdateExpression: "SET expiresAt = :now",
      ConditionExpression: "#at = :at",
      ExpressionAttributeNames: { "#at": "at" },
      ExpressionAttributeValues: { ":at": at, ":now": Math.floor(now / 1000) },
    }),
  );
}
