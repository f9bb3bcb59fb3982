import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import { chunks, mapConcurrently } from "../runtime/async.ts";
import type { CoreServices } from "../services/Services.ts";
import type { ItemKey } from "./keys.ts";
import { repeatBatch } from "./repeatBatch.ts";

/** The most keys of one BatchGetItem. */
const BATCH = 100;

/** Batches that are read at once. */
const CONCURRENCY = 4;

/** What reading takes: what the table leaves out, as it is throttled, is asked for again later. */
export type ReadServices = Pick<CoreServices, "table" | "clock" | "random">;

/** Reads the items of these keys, each named once, as they stand now, in no order. Those that are gone are left out. */
export async function readItems(
  services: ReadServices,
  keys: readonly ItemKey[],
): Promise<readonly Record<string, unknown>[]> {
  const { client, name } = services.table;
  const items: Record<string, unknown>[] = [];
  await mapConcurrently(chunks(keys, BATCH), CONCURRENCY, async (batch) => {
    const all = batch.map(({ pk, sk }): Record<string, unknown> => ({ pk, sk }));
    await repeatBatch(services, all, async (Keys) => {
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetCommand({ RequestItems: { [name]: { Keys: [...Keys], ConsistentRead: true } } }),
      );
      items.push(...(Responses?.[name] ?? []));
      return UnprocessedKeys?.[name]?.Keys ?? [];
    });
  });
  return items;
}
