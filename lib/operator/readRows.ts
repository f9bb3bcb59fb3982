import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import type * as v from "valibot";
import type { ItemKey } from "../runtime/keys.ts";
import type { Table } from "../runtime/Services.ts";
import { parse } from "../schema/parse.ts";

/** The most keys of one BatchGetItem. */
const BATCH = 100;

/** Reads the items of these keys as they stand now, in no order; those that are gone are left out. */
export async function readRows<Schema extends v.GenericSchema>(
  table: Table,
  keys: readonly ItemKey[],
  schema: Schema,
): Promise<readonly v.InferOutput<Schema>[]> {
  const rows: v.InferOutput<Schema>[] = [];
  for (let start = 0; start < keys.length; start += BATCH) {
    let wanted: Record<string, unknown>[] = keys.slice(start, start + BATCH).map(({ pk, sk }) => ({ pk, sk }));
    while (wanted.length > 0) {
      const { Responses, UnprocessedKeys } = await table.client.send(
        new BatchGetCommand({ RequestItems: { [table.name]: { Keys: wanted, ConsistentRead: true } } }),
      );
      for (const item of Responses?.[table.name] ?? []) rows.push(parse(schema, item));
      wanted = UnprocessedKeys?.[table.name]?.Keys ?? [];
    }
  }
  return rows;
}
