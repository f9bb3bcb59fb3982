import type { MemoryRow } from "./MemoryStore.ts";

/** Rows newest first, of each kind `limit` at the most. Rows of the same time stand in the order of their ids. */
export function newestOfEachKind<Row extends MemoryRow>(rows: readonly Row[], limit: number): readonly Row[] {
  const counts = new Map<string, number>();
  return rows
    .toSorted((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1))
    .filter(({ kind }) => {
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      return count <= limit;
    });
}
