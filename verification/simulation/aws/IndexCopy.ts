import { byBytes } from "./byBytes.ts";
import type { Item } from "./Item.ts";

/** A sparse secondary index: a copy of the items that have both of its key attributes, which lags behind the table. */
export class IndexCopy {
  readonly hash: string;
  readonly range: string;
  private readonly partitions = new Map<string, Map<string, Item>>();
  private readonly places = new Map<string, string>();
  /** Writes not shown yet, by key: how many there were, and which of them was the last to be shown. */
  private readonly waiting = new Map<string, { count: number; shown: number }>();
  private readonly later: (milliseconds: number, run: () => void) => void;

  constructor(hash: string, range: string, later: (milliseconds: number, run: () => void) => void) {
    this.hash = hash;
    this.range = range;
    this.later = later;
  }

  /** Shows a write after `lag` milliseconds; what was written to the same item before it is then seen no more. */
  show(key: string, item: Item | undefined, lag: number): void {
    const known = this.waiting.get(key);
    if (lag <= 0 && !known) {
      this.apply(key, item);
      return;
    }
    const waiting = known ?? { count: 0, shown: 0 };
    this.waiting.set(key, waiting);
    const number = ++waiting.count;
    this.later(lag, () => {
      // A later write may have overtaken this one: an item's writes are shown in their order.
      if (number < waiting.shown) return;
      this.apply(key, item);
      waiting.shown = number;
      if (number === waiting.count) this.waiting.delete(key);
    });
  }

  /** A partition's items as the index shows them, in order. */
  partition(value: string): Item[] {
    const items = [...(this.partitions.get(value)?.values() ?? [])];
    return items.sort(
      (a, b) =>
        Number(a[this.range]) - Number(b[this.range]) ||
        byBytes(String(a.pk), String(b.pk)) ||
        byBytes(String(a.sk), String(b.sk)),
    );
  }

  /** Whether any partition of that prefix shows an item before `end`. */
  showsBefore(prefix: string, end: number): boolean {
    for (const [value, items] of this.partitions) {
      if (!value.startsWith(prefix)) continue;
      for (const item of items.values()) if (Number(item[this.range]) < end) return true;
    }
    return false;
  }

  private apply(key: string, item: Item | undefined): void {
    const old = this.places.get(key);
    if (old !== undefined) this.partitions.get(old)?.delete(key);
    this.places.delete(key);
    const value = item?.[this.hash];
    if (!item || typeof value !== "string" || typeof item[this.range] !== "number") return;
    const partition = this.partitions.get(value) ?? new Map<string, Item>();
    this.partitions.set(value, partition);
    partition.set(key, item);
    this.places.set(key, value);
  }
}
