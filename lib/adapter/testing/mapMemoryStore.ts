import type { MemoryRow, MemoryStore } from "../MemoryStore.ts";

const KEPT = 200;

/** A `MemoryStore` in a map that does what the interface says. `scopes` shows what is kept. */
export function mapMemoryStore(): MemoryStore & {
  readonly scopes: ReadonlyMap<string, ReadonlyMap<string, MemoryRow>>;
} {
  const scopes = new Map<string, Map<string, MemoryRow>>();
  return {
    scopes,
    async put(scope, rows) {
      const ids = new Set(rows.map(({ id }) => id));
      if (ids.size < rows.length) throw new Error("one call must not write the same row twice");
      const kept = scopes.get(scope) ?? new Map<string, MemoryRow>();
      for (const row of rows) {
        const old = kept.get(row.id);
        if (!old || old.at < row.at || (old.at === row.at && old.text <= row.text)) kept.set(row.id, row);
      }
      const newest = new Set(newestOf(kept, KEPT));
      for (const row of kept.values()) if (!newest.has(row)) kept.delete(row.id);
      if (kept.size > 0) scopes.set(scope, kept);
    },
    async list(scope, limit) {
      return newestOf(scopes.get(scope) ?? new Map(), limit);
    },
    async clear(scope) {
      scopes.delete(scope);
    },
  };
}

function newestOf(scope: ReadonlyMap<string, MemoryRow>, limit: number): readonly MemoryRow[] {
  const rows = [...scope.values()].toSorted((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
  const rank = (row: MemoryRow) => rows.filter(({ kind }) => kind === row.kind).indexOf(row);
  return rows.filter((row) => rank(row) < limit);
}
