import type * as v from "valibot";
import type { State } from "../store/dueIndex.ts";
import { fromCursor, toCursor } from "./pages/cursor.ts";
import { fillPage } from "./pages/fillPage.ts";
import { type Places, placesSchema, stateReader } from "./pages/stateReader.ts";
import { type ReadServices, readRows, type UnreadRow } from "./readRows.ts";

/** A page of records. */
export interface ListedRecords<Row> {
  readonly records: readonly Row[];
  readonly unread: readonly UnreadRow[];
  readonly next?: string;
}

/** Lists what is in the index under a state of its own, newest first. @throws CursorError */
export async function listRecords<Schema extends v.GenericSchema<unknown, { readonly id: string }>>(
  services: ReadServices,
  state: State & ("OPERATION" | "AUDIT"),
  schema: Schema,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<ListedRecords<v.InferOutput<Schema>>> {
  const unread: UnreadRow[] = [];
  const from = cursor === undefined ? undefined : fromCursor(state, placesSchema, cursor);
  const page = await fillPage<v.InferOutput<Schema>, Places>({
    reader: stateReader(services.table, { state, kind: state, order: "newest", ...(from ? { from } : {}) }),
    limit,
    most: limit * 2,
    batch: limit,
    accept: () => true,
    async expand(entries) {
      const found = await readRows(services, entries, schema);
      unread.push(...found.unread);
      const byId = new Map(found.rows.map((row) => [`${state}#${row.id}`, row]));
      return entries.map(({ pk }) => {
        const row = byId.get(pk);
        return row === undefined ? [] : [row];
      });
    },
    keyOf: ({ id }) => id,
  });
  return { records: page.items, unread, ...(page.next ? { next: toCursor(state, page.next.position) } : {}) };
}
