import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { parse } from "../adapter/schema/parse.ts";
import { mapConcurrently } from "../runtime/async.ts";
import type { CoreServices } from "../services/Services.ts";
import type { ItemKey } from "../store/keys.ts";
import { repeatBatch } from "../store/repeatBatch.ts";
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

/** Each row once: one that was met in the index and in its session is one row. */
export function uniqueRows(rows: readonly UnreadRow[]): readonly UnreadRow[] {
  return [...new Map(rows.map((row) => [`${row.pk} ${row.sk}`, row])).values()];
}
