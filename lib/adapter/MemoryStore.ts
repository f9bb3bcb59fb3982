/** The direction in which a text points by what it means. */
export interface Vector {
  /** Only vectors of one space can be compared: `Embeddings`. */
  readonly space: string;
  /** As `packVector` makes it. */
  readonly packed: Uint8Array;
}

/** A remembered text in the gateway's own table. */
export interface MemoryRow {
  /** Unique within the scope; writing the same id again replaces the row. */
  readonly id: string;
  readonly kind: string;
  readonly text: string;
  /** When it was learnt, milliseconds since the epoch. */
  readonly at: number;
  /** Absent where no embeddings were configured when it was written. */
  readonly vector?: Vector;
}

/**
 * Rows of the gateway's own table, in one partition a scope. For providers that need no other store. What is left is the
 * same in whatever order, and however often, rows are written.
 */
export interface MemoryStore {
  /**
   * Writes rows; one that stands there with a later `at` is left as it is. Of each kind the scope keeps the 200 newest
   * rows; older ones are gone within days.
   */
  put(scope: string, rows: readonly MemoryRow[]): Promise<void>;
  /** The scope's newest rows, newest first; of each kind `limit` at the most, and no more than are kept. */
  list(scope: string, limit: number): Promise<readonly MemoryRow[]>;
  /** Deletes all rows of the scope. */
  clear(scope: string): Promise<void>;
}
