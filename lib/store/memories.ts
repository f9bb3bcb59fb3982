import { DeleteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { DeliveryError } from "../adapter/errors.ts";
import type { MemoryRow, MemoryStore } from "../adapter/MemoryStore.ts";
import type { Clock, Logger } from "../domain/observability.ts";
import type { Table } from "../services/Services.ts";
import { pagesOf } from "./pagesOf.ts";
import { conditionHeld, updateItem } from "./updateItem.ts";

/** Rows of a kind that are kept: twice as many as a recall may ask for. Bounds what is read. */
const MOST_KEPT = 200;

const vectorSchema = v.object({ space: v.string(), packed: v.instance(Uint8Array) });

/** Of no space: what can't be read of one row must not hide the others. */
const NO_VECTOR = { space: "", packed: new Uint8Array() };

const rowSchema = v.object({
  id: v.string(),
  kind: v.string(),
  text: v.string(),
  at: v.number(),
  vector: v.exactOptional(v.fallback(vectorSchema, NO_VECTOR)),
  /** On one that is given up: the table's TTL deletes it. Seconds since the epoch. */
  expiresAt: v.exactOptional(v.number()),
});

type StoredRow = v.InferOutput<typeof rowSchema>;

/**
 * Memories in the gateway's own table: one partition a scope, one item a row. A row that can't be read hides no other: the
 * log names it, a later word on the same thing replaces it, and it is deleted with the others.
 */
export function tableMemoryStore(table: Table, clock: Clock, log: Logger): MemoryStore {
  const readAll = async (pk: string): Promise<readonly StoredRow[]> => {
    const found: StoredRow[] = [];
    for await (const page of pagesOf(table, pk)) {
      for (const item of page.Items ?? []) {
        const { success, output } = v.safeParse(rowSchema, item);
        if (success) found.push(output);
        else log.warn("memory.unreadable", { key: String(item.sk) });
      }
    }
    return found;
  };
  return {
    put: (scope, written) =>
      tableForProvider(async () => {
        const pk = pkOf(scope);
        for (const row of written) await putNewest(table, pk, row);
        const rows = await readAll(pk);
        const kept = new Set(newestOfEachKind(rows, MOST_KEPT));
        for (const row of rows)
          if (!kept.has(row) && row.expiresAt === undefined) await giveUp(table, pk, row, clock.now());
      }),
    list: (scope, limit) =>
      tableForProvider(async () => {
        const rows = newestOfEachKind(await readAll(pkOf(scope)), Math.min(limit, MOST_KEPT));
        return rows.map(({ expiresAt, ...row }) => row);
      }),
    clear: (scope) =>
      tableForProvider(async () => {
        const pk = pkOf(scope);
        for await (const page of pagesOf(table, pk)) {
          for (const { sk } of page.Items ?? []) {
            await table.client.send(new DeleteCommand({ TableName: table.name, Key: { pk, sk } }));
          }
        }
      }),
  };
}

const pkOf = (scope: string) => `MEMORY#${scope}`;

/**
 * Leaves a row alone that was learnt later: an older session may be delivered after a newer one. Of two of the same time
 * the text decides, so that the order of deliveries does not. One without a time is not later.
 */
async function putNewest(table: Table, pk: string, row: MemoryRow): Promise<void> {
  await conditionHeld(
    table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { pk, sk: row.id, ...row },
        ConditionExpression: "attribute_not_exists(#at) OR #at < :at OR (#at = :at AND #text <= :text)",
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
  await conditionHeld(
    updateItem(table, {
      Key: { pk, sk: id },
      UpdateExpression: "SET expiresAt = :now",
      ConditionExpression: "#at = :at",
      ExpressionAttributeNames: { "#at": "at" },
      ExpressionAttributeValues: { ":at": at, ":now": Math.floor(now / 1000) },
    }),
  );
}

/** Rows newest first, of each kind `limit` at the most. Rows of the same time stand in the order of their ids. */
function newestOfEachKind<Row extends MemoryRow>(rows: readonly Row[], limit: number): readonly Row[] {
  const counts = new Map<string, number>();
  return rows
    .toSorted((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1))
    .filter(({ kind }) => {
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      return count <= limit;
    });
}

/**
 * Runs what a provider does with the gateway's table. To a provider the table is a server like another: throttling and
 * outages become a `DeliveryError` that is worth a retry; all else is thrown on, as a bug.
 */
export async function tableForProvider<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isTransient(error)) throw error;
    throw new DeliveryError("transient", `the table did not take it: ${error.name}`, { cause: error });
  }
}

/** DynamoDB's errors of throttling: the client's fault by their form, and not all of them say that a retry helps. */
const THROTTLED = new Set(["ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException"]);

/** The service's own word for it; and a connection that broke or never stood, which has a system's error code. */
function isTransient(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (error.name === "TimeoutError") return true;
  if ("$fault" in error) return error.$fault === "server" || "$retryable" in error || THROTTLED.has(error.name);
  return "$retryable" in error || "code" in error;
}
