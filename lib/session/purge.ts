import { BatchWriteCommand, DeleteCommand, paginateQuery } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { loadHooks } from "../hooks/loadHooks.ts";
import { BY_STATE, stateKeys } from "../runtime/byState.ts";
import { type ItemKey, keyTail } from "../runtime/keys.ts";
import { mapConcurrently } from "../runtime/mapConcurrently.ts";
import type { CoreServices, Table } from "../runtime/Services.ts";
import { parse } from "../schema/parse.ts";

/** Sessions purged at once: each is a query and a few batches. */
const CONCURRENCY = 16;

/** The most deletions of one BatchWriteItem. */
const BATCH = 25;

/** Sessions not begun any more this long before the function's end, milliseconds; the next purge takes them. */
const TO_FINISH = 10_000;

const keySchema = v.object({ pk: v.string(), sk: v.string() });

/**
 * Deletes sessions whose retention is over and whose hooks are all delivered or skipped. A dead hook keeps its
 * transcript for as long as nobody has redriven it: what could not be delivered is not thrown away. The session's row
 * goes last, so that a crash leaves it to be found again. A session that can't be purged holds up no other.
 *
 * @param deadline when the function is cut off, milliseconds since the epoch
 */
export async function purge(services: CoreServices, deadline: number): Promise<void> {
  const { table, clock, config, log } = services;
  let purged = 0;
  let kept = 0;
  let failed = 0;
  for (const state of stateKeys("ENDED")) {
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
    for await (const page of pages) {
      await mapConcurrently(page.Items ?? [], CONCURRENCY, async (item) => {
        if (clock.now() > deadline - TO_FINISH) return;
        try {
          (await purgeSession(table, parse(keySchema, item))) ? purged++ : kept++;
        } catch (error) {
          failed++;
          log.error("purge.failed", error, { key: String(item.sk) });
        }
      });
    }
  }
  log.info("purge.done", { purged, kept, failed });
}

async function purgeSession(table: Table, key: ItemKey): Promise<boolean> {
  const session = keyTail(key.sk);
  const hooks = await loadHooks(table, session);
  if (hooks.some(({ status }) => status === "pending" || status === "dead")) return false;
  const pages = paginateQuery(
    { client: table.client },
    {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk",
      ProjectionExpression: "pk, sk",
      ExpressionAttributeValues: { ":pk": `SESSION#${session}` },
    },
  );
  for await (const page of pages)
    await deleteAll(
      table,
      (page.Items ?? []).map((item) => parse(keySchema, item)),
    );
  await table.client.send(new DeleteCommand({ TableName: table.name, Key: { pk: key.pk, sk: key.sk } }));
  return true;
}

async function deleteAll(table: Table, keys: readonly ItemKey[]): Promise<void> {
  for (let start = 0; start < keys.length; start += BATCH) {
    let requests = keys.slice(start, start + BATCH).map((Key) => ({ DeleteRequest: { Key: { ...Key } } }));
    while (requests.length > 0) {
      const { UnprocessedItems } = await table.client.send(
        new BatchWriteCommand({ RequestItems: { [table.name]: requests } }),
      );
      requests = (UnprocessedItems?.[table.name] ?? []).flatMap(({ DeleteRequest }) =>
        DeleteRequest ? [{ DeleteRequest: { Key: parse(keySchema, DeleteRequest.Key) } }] : [],
      );
    }
  }
}
