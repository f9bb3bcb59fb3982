import { BatchWriteCommand, DeleteCommand, GetCommand, paginateQuery } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { parse } from "../adapter/schema/parse.ts";
import { TURN_PREFIX } from "../domain/Turn.ts";
import { mapConcurrently } from "../runtime/async.ts";
import type { CoreServices, Table } from "../services/Services.ts";
import { BY_STATE, SHARDS, stateKeys } from "../store/dueIndex.ts";
import { type ItemKey, keyTail } from "../store/keys.ts";
import { repeatBatch } from "../store/repeatBatch.ts";
import { checkVersion } from "../store/versions.ts";

/** Sessions purged at once: each is a query and a few batches. */
const CONCURRENCY = 16;

/** The most deletions of one BatchWriteItem. */
const BATCH = 25;

/** Sessions not begun any more this long before the function's end, milliseconds; the next purge takes them. */
const SHUTDOWN_MARGIN_MS = 10_000;

/** Between two runs, milliseconds: the rate of their schedule, in cdk/wiring.ts. */
const PERIOD = 10 * 60_000;

/** Statuses of hooks that need their transcript no more. */
const SETTLED: ReadonlySet<string> = new Set(["delivered", "skipped"]);

const keySchema = v.object({ pk: v.string(), sk: v.string() });

const rowSchema = v.object({
  pk: v.string(),
  sk: v.string(),
  v: v.exactOptional(v.number()),
  status: v.exactOptional(v.string()),
  /** Of a turn: its reply waits for an operator. */
  state: v.exactOptional(v.string()),
});

type Row = v.InferOutput<typeof rowSchema>;

/**
 * Deletes sessions whose retention is over and whose hooks are all delivered or skipped. A dead hook keeps its
 * transcript for as long as nobody has redriven it: what could not be delivered is not thrown away. A failed reply goes
 * with its session, and is counted: nobody waits for it any more. The session's row
 * goes last, so that a crash leaves it to be found again. A session that can't be purged holds up no other, and one of
 * which a newer version has written anything is left to that version. What it has no time for is left to the next runs.
 *
 * @param deadline when the function is cut off, milliseconds since the epoch
 */
export async function purge(services: CoreServices, deadline: number): Promise<void> {
  const { clock, log, metrics } = services;
  let purged = 0;
  let kept = 0;
  let failed = 0;
  let finished = true;
  for await (const page of readEnded(services)) {
    await mapConcurrently(page, CONCURRENCY, async (item) => {
      if (clock.now() > deadline - SHUTDOWN_MARGIN_MS) {
        finished = false;
        return;
      }
      try {
        (await purgeSession(services, parse(keySchema, item))) ? purged++ : kept++;
      } catch (error) {
        failed++;
        log.error("purge.failed", error, { key: String(item.sk) });
      }
    });
    if (!finished) break;
  }
  if (failed > 0) metrics.put("PurgeFailed", failed, "Count");
  metrics.put("PurgeDone", 1, "Count");
  log.info("purge.done", { purged, kept, failed, finished });
}

/**
 * The index's rows of sessions whose retention is over, oldest first in each shard. Each run begins with the shard after
 * that of the run before: kept sessions are read again by every run, and as many as a run has time for would otherwise
 * keep it from the shards behind theirs for ever.
 */
async function* readEnded({ table, clock, config }: CoreServices): AsyncGenerator<readonly Record<string, unknown>[]> {
  const first = Math.floor(clock.now() / PERIOD) % SHARDS;
  const states = stateKeys("ENDED");
  for (const state of [...states.slice(first), ...states.slice(0, first)]) {
    const pages = paginateQuery(
      { client: table.client },
      {
        TableName: table.name,
        IndexName: BY_STATE,
        KeyConditionExpression: "#state = :state AND #at <= :end",
        ExpressionAttributeNames: { "#state": "state", "#at": "at" },
        ExpressionAttributeValues: { ":state": state, ":end": clock.now() - config.retention },
      },
    );
    for await (const page of pages) yield page.Items ?? [];
  }
}

async function purgeSession(services: CoreServices, key: ItemKey): Promise<boolean> {
  const { table, log, metrics } = services;
  // Read for its version alone, which was there when it was ended.
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: key }));
  checkVersion(Item);
  const rows = await readRows(table, keyTail(key.sk));
  for (const row of rows) checkVersion(row);
  const settled = ({ sk, status = "" }: Row) => !sk.startsWith("HOOK#") || SETTLED.has(status);
  if (!rows.every(settled)) return false;
  const unsent = rows.filter(({ sk, state }) => sk.startsWith(TURN_PREFIX) && state !== undefined).length;
  if (unsent > 0) {
    log.warn("reply.purged", { session: keyTail(key.sk), unsent });
    metrics.put("ReplyPurged", unsent, "Count");
  }
  await deleteAll(services, rows);
  await table.client.send(new DeleteCommand({ TableName: table.name, Key: key }));
  return true;
}

/**
 * Turns and hooks of a session: no more of them than says whether they may go. Consistent, as a session that ended long
 * ago may have been sealed just now, after a long outage: its hooks must be seen.
 */
async function readRows(table: Table, session: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const pages = paginateQuery(
    { client: table.client },
    {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk",
      ProjectionExpression: "pk, sk, v, #status, #state",
      ExpressionAttributeNames: { "#status": "status", "#state": "state" },
      ExpressionAttributeValues: { ":pk": `SESSION#${session}` },
      ConsistentRead: true,
    },
  );
  for await (const page of pages) for (const item of page.Items ?? []) rows.push(parse(rowSchema, item));
  return rows;
}

async function deleteAll(services: CoreServices, keys: readonly ItemKey[]): Promise<void> {
  const { client, name } = services.table;
  for (let start = 0; start < keys.length; start += BATCH) {
    await repeatBatch(services, keys.slice(start, start + BATCH), async (batch) => {
      const requests = batch.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } }));
      const { UnprocessedItems } = await client.send(new BatchWriteCommand({ RequestItems: { [name]: requests } }));
      return (UnprocessedItems?.[name] ?? []).map(({ DeleteRequest }) => parse(keySchema, DeleteRequest?.Key));
    });
  }
}
