import * as v from "valibot";
import { parse } from "../adapter/schema/parse.ts";
import type { ItemKey } from "../store/keys.ts";
import { type ReadServices, readItems } from "../store/readItems.ts";
import { NewerVersion, parseVersioned } from "../store/versions.ts";

/** A row that is left out of a list, so that the others are shown. */
export interface UnreadRow extends ItemKey {
  /** Why it could not be read, in words for an operator. Nothing of what it holds. */
  readonly why: string;
}

/** Rows of the table, and which could not be read. */
export interface ParsedRows<Row> {
  readonly rows: readonly Row[];
  readonly unread: readonly UnreadRow[];
}

const keySchema = v.object({ pk: v.string(), sk: v.string() });

/** Parses items as `parseVersioned` does, but tells of what it does not understand instead of throwing. */
export function parseRows<Schema extends v.GenericSchema>(
  schema: Schema,
  items: readonly unknown[],
): ParsedRows<v.InferOutput<Schema>> {
  const rows: v.InferOutput<Schema>[] = [];
  const unread: UnreadRow[] = [];
  for (const item of items) {
    try {
      rows.push(parseVersioned(schema, item));
    } catch (error) {
      unread.push({ ...parse(keySchema, item), why: whyOf(error) });
    }
  }
  return { rows, unread };
}

function whyOf(error: unknown): string {
  if (error instanceof NewerVersion) return "newer version";
  return error instanceof Error ? error.message : String(error);
}

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

/** Each row once: one that was met in the index and in its session is one row. */
export function uniqueRows(rows: readonly UnreadRow[]): readonly UnreadRow[] {
  return [...new Map(rows.map((row) => [`${row.pk} ${row.sk}`, row])).values()];
}
