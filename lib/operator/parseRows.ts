import * as v from "valibot";
import type { ItemKey } from "../runtime/keys.ts";
import { NewerVersion } from "../runtime/NewerVersion.ts";
import { parseVersioned } from "../runtime/parseVersioned.ts";
import { parse } from "../schema/parse.ts";

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
