import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import type * as v from "valibot";
import type { ItemKey } from "../runtime/keys.ts";
import { mapConcurrently } from "../runtime/mapConcurrently.ts";
import { repeatBatch } from "../runtime/repeatBatch.ts";
import type { CoreServices } from "../runtime/Services.ts";
import { type ParsedRows, parseRows } from "./parseRows.ts";

/** The most keys of one BatchGetItem. */
const BATCH = 100;

/** Batches that are read at once. */
const CONCURRENCY = 4;

/** What reading takes: what the table leaves out, as it is throttled, is asked for again later. */
export type ReadServices = Pick<CoreServices, "table" | "clock" | "random">;

/**
 * Reads the items of these keys as they stand now, in no order. Those that are gone are left out; those that this code
 * can't read are told apart, as they must not hide the others.
 */
export async function readRows<Schema extends v.GenericSchema>(
  services: ReadServices,
  keys: readonly ItemKey[],
  schema: Schema,
): Promise<ParsedRows<v.InferOutput<Schema>>> {
  const { client, name } = services.table;
  const items: Record<string, unknown>[] = [];
  const batches = Array.from({ length: Math.ceil(keys.length / BATCH) }, (_, index) =>
    keys.slice(index * BATCH, (index + 1) * BATCH),
  );
  await mapConcurrently(batches, CONCURRENCY, async (batch) => {
    const all = batch.map(({ pk, sk }): Record<string, unknown> => ({ pk, sk }));
    await repeatBatch(services, all, async (Keys) => {
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetCommand({ RequestItems: { [name]: { Keys: [...Keys], ConsistentRead: true } } }),
      );
      items.push(...(Responses?.[name] ?? []));
      return UnprocessedKeys?.[name]?.Keys ?? [];
    });
  });
  return parseRows(schema, items);
}
