import type { UnreadRow } from "./parseRows.ts";

/** Each row once: one that was met in the index and in its session is one row. */
export function uniqueRows(rows: readonly UnreadRow[]): readonly UnreadRow[] {
  return [...new Map(rows.map((row) => [`${row.pk} ${row.sk}`, row])).values()];
}
