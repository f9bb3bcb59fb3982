import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import type * as v from "valibot";
import type { ItemKey } from "../runtime/keys.ts";
import type { Table } from "../runtime/Services.ts";
import { type ParsedRows, parseRows } from "./parseRows.ts";

/** The most keys of one BatchGetItem. */
const BATCH = 100;

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
  for (let start = 0; start < keys.length; start += BATCH) {
    let wanted: Record<string, unknown>[] = keys.slice(start, start + BATCH).map(({ pk, sk }) => ({ pk, sk }));
    while (wanted.length > 0) {
      const { Responses, UnprocessedKeys } = await table.client.send(
        new BatchGetCommand({ RequestItems: { [table.name]: { Keys: wanted, ConsistentRead: true } } }),
      );
      items.push(...(Responses?.[table.name] ?? []));
      wanted = UnprocessedKeys?.[table.name]?.Keys ?? [];
    }
  }
  return parseRows(schema, items);
}
