import { dynalite } from "./dynalite.ts";
import type { Item } from "./item.ts";
import { keys } from "./keys.ts";
import type { Index, Table } from "./table.ts";

/** What one write does to one index. */
export interface IndexChange {
  kind: "global" | "local";
  index: string;
  before: IndexEntry | undefined;
  after: IndexEntry | undefined;
}

/** An item as an index holds it: the projected attributes, under a key that orders it. */
export interface IndexEntry {
  key: string;
  item: Item;
}

/** What a write that turned `before` into `after` does to each index of the table. */
export function indexChanges(table: Table, before: Item | undefined, after: Item | undefined): IndexChange[] {
  const changes: IndexChange[] = [];
  for (const [kind, indexes] of [
    ["global", table.GlobalSecondaryIndexes],
    ["local", table.LocalSecondaryIndexes],
  ] as const) {
    for (const index of indexes ?? []) {
      const prefix = keys.index(kind, table.TableName, index.IndexName);
      changes.push({
        kind,
        index: index.IndexName,
        before: entry(table, index, prefix, before),
        after: entry(table, index, prefix, after),
      });
    }
  }
  return changes;
}

/**
 * The key of an item within an index.
 * dynalite's own key ends in 6 hexadecimal digits of a hash of the item's key, so that among some thousand items with
 * the same index key two collide and one is lost; the item's whole key after it makes it unique.
 */
export function indexKey(table: Table, index: Index, item: Item): string {
  return `${dynalite.createIndexKey(item, table, index.KeySchema)}/${dynalite.createKey(item, table)}`;
}

function entry(table: Table, index: Index, prefix: string, item: Item | undefined): IndexEntry | undefined {
  if (!item || index.KeySchema.some(({ AttributeName }) => !item[AttributeName])) return undefined;
  return { key: prefix + indexKey(table, index, item), item: project(table, index, item) };
}

function project(table: Table, index: Index, item: Item): Item {
  if (index.Projection.ProjectionType === "ALL") return item;
  const projected: Item = {};
  const names = [...index.KeySchema, ...table.KeySchema].map(({ AttributeName }) => AttributeName);
  for (const name of names.concat(index.Projection.NonKeyAttributes ?? [])) {
    const value = item[name];
    if (value) projected[name] = value;
  }
  return projected;
}
