import type { MemoryRow, MemoryStore } from "../../lib/memory/MemoryStore.ts";

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
      const kept = scopes.get(scope) ?? new Map();
      for (const row of rows) {
        const old = kept.get(row.id);
        if (!old || old.at <= row.at) kept.set(row.id, row);
      }
      if (kept.size > 0) scopes.set(scope, kept);
    },
    async list(scope, limit) {
      const rows = [...(scopes.get(scope)?.values() ?? [])].toSorted((a, b) => b.at - a.at);
      const rank = (row: MemoryRow) => rows.filter(({ kind }) => kind === row.kind).indexOf(row);
      return rows.toSorted((a, b) => rank(a) - rank(b)).slice(0, limit);
    },
    async clear(scope) {
      scopes.delete(scope);
    },
  };
}
