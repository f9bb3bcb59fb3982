/** A remembered text in the gateway's own table. */
export interface MemoryRow {
  /** Unique within the scope; writing the same id again replaces the row. */
  readonly id: string;
  readonly kind: string;
  readonly text: string;
  /** When it was learnt, milliseconds since the epoch. */
  readonly at: number;
}

/** Rows of the gateway's own table, in one partition a scope. For providers that need no other store. */
export interface MemoryStore {
  /** Writes rows; one that stands there with a later `at` is left as it is. */
  put(scope: string, rows: readonly MemoryRow[]): Promise<void>;
  /** The scope's newest rows of each kind first, `limit` at the most. */
  list(scope: string, limit: number): Promise<readonly MemoryRow[]>;
  /** Deletes all rows of the scope. */
  clear(scope: string): Promise<void>;
}
