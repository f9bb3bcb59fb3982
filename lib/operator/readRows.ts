import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import type * as v from "valibot";
import type { ItemKey } from "../runtime/keys.ts";
import { mapConcurrently } from "../runtime/mapConcurrently.ts";
import type { Table } from "../runtime/Services.ts";
import { type ParsedRows, parseRows } from "./parseRows.ts";

/** The most keys of one BatchGetItem. */
const BATCH = 100;

/** Batches that are read at once. */
const CONCURRENCY = 4;

/** The wait before keys are asked for again that the table did not serve, as it throttles; it doubles. Milliseconds. */
const FIRST_WAIT = 50;
const LONGEST_WAIT = 2_000;

/**
 * Reads the items of these keys as they stand now, in no order. Those that are gone are left out; those that this code
 * can't read are told apart, as they must not hide the others.
 */
export async function readRows<Schema extends v.GenericSchema>(
  table: Table,
  keys: readonly ItemKey[],
  schema: Schema,
): Promise<ParsedRows<v.InferOutput<Schema>>> {
  const items: Record<string, unknown>[] = [];
  const batches = Array.from({ length: Math.ceil(keys.length / BATCH) }, (_, index) =>
    keys.slice(index * BATCH, (index + 1) * BATCH),
  );
  await mapConcurrently(batches, CONCURRENCY, async (batch) => {
    let wanted: Record<string, unknown>[] = batch.map(({ pk, sk }) => ({ pk, sk }));
    for (let wait = FIRST_WAIT; wanted.length > 0; wait = Math.min(wait * 2, LONGEST_WAIT)) {
      const { Responses, UnprocessedKeys } = await table.client.send(
        new BatchGetCommand({ RequestItems: { [table.name]: { Keys: wanted, ConsistentRead: true } } }),
      );
      items.push(...(Responses?.[table.name] ?? []));
      wanted = UnprocessedKeys?.[table.name]?.Keys ?? [];
      if (wanted.length > 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * wait));
    }
  });
  return parseRows(schema, items);
}
