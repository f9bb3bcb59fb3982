import type { Item } from "./item.ts";
import type { Table } from "./table.ts";

/** What one write does to one item; a check of a condition leaves it as it is. */
export interface Change {
  table: Table;
  /** The item's key within its table's part of the store. */
  key: string;
  before: Item | undefined;
  after: Item | undefined;
}
