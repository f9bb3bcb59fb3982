/** AWS: a deduplication id counts for five minutes, whether or not its message was deleted meanwhile. */
const WINDOW_MS = 5 * 60 * 1000;

/** The message that was accepted under a deduplication id, at a time in milliseconds. */
export interface DedupEntry {
  messageId: string;
  sequenceNumber: string;
  at: number;
}

/** The deduplication ids of one FIFO queue; time is `Date.now()` at each call. */
export class DedupWindow {
  private readonly entries = new Map<string, DedupEntry>();

  /** The message accepted under this id within the last five minutes. */
  find(id: string): DedupEntry | undefined {
    const entry = this.entries.get(id);
    return entry && counts(entry) ? entry : undefined;
  }

  /** Holds these entries, oldest first, and no others. */
  refill(entries: readonly { readonly id: string; readonly entry: DedupEntry }[]): void {
    this.entries.clear();
    for (const { id, entry } of entries) this.add(id, entry);
  }

  /** Records a message; gives the ids that no longer count and were forgotten. */
  add(id: string, entry: DedupEntry): string[] {
    // Deleted first, so that the order of the map stays the order of time.
    this.entries.delete(id);
    this.entries.set(id, entry);
    const forgotten: string[] = [];
    for (const [other, { at }] of this.entries) {
      if (counts({ at })) break;
      this.entries.delete(other);
      forgotten.push(other);
    }
    return forgotten;
  }
}

// A clock set back, as tests do, must not make an id count for longer.
function counts({ at }: { at: number }): boolean {
  return Math.abs(Date.now() - at) < WINDOW_MS;
}
