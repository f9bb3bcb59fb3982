import type * as v from "valibot";
import type { ItemKey } from "../runtime/keys.ts";
import { type ReadServices, readItems } from "../runtime/readItems.ts";
import { type ParsedRows, parseRows } from "./parseRows.ts";

/**
 * Reads the items of these keys as they stand now, in no order. Those that are gone are left out; those that this code
 * can't read are told apart, as they must not hide the others.
 */
export async function readRows<Schema extends v.GenericSchema>(
  services: ReadServices,
  keys: readonly ItemKey[],
  schema: Schema,
): Promise<ParsedRows<v.InferOutput<Schema>>> {
  return parseRows(schema, await readItems(services, keys));
}
