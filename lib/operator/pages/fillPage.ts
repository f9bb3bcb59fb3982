import type { StateEntry } from "../findByState.ts";
import type { EntryReader } from "./stateReader.ts";

/** How a page is filled. */
export interface PageFill<Item, Position> {
  readonly reader: EntryReader<Position>;
  /** The most items of the page. */
  readonly limit: number;
  /** The most entries that are looked at, so that a filter that matches little ends. */
  readonly most: number;
  /** Entries that are expanded at once. */
  readonly batch: number;
  /** Whether an entry is worth expanding, by its key. */
  accept(entry: StateEntry): boolean;
  /** The items of each entry, in order. */
  expand(entries: readonly StateEntry[]): Promise<readonly (readonly Item[])[]>;
  /** Names an item among those of its entry. */
  keyOf(item: Item): string;
  /** The item behind which the page begins, where that is among those of an entry. */
  readonly after?: Within | undefined;
}

/** An item among those of an entry: the entry's sort key, and the item's own key. */
export interface Within {
  readonly sk: string;
  readonly key: string;
}

/** Where the next page begins: at a reader's position, or among the items of the entry there, behind `after`. */
export interface PageEnd<Position> {
  readonly position: Position;
  readonly after?: Within;
}

/** Items, and where the next page begins; no `next`: there is nothing behind them now. */
export interface Page<Item, Position> {
  readonly items: readonly Item[];
  readonly next?: PageEnd<Position>;
}

/** Fills a page from a reader. It may end before `limit`, with a `next`, when it has looked at enough. */
export async function fillPage<Item, Position>(fill: PageFill<Item, Position>): Promise<Page<Item, Position>> {
  const { reader, limit, most, batch, accept, expand, keyOf, after } = fill;
  const items: Item[] = [];
  let looked = 0;
  for (;;) {
    const entries: { readonly entry: StateEntry; readonly before: Position; readonly behind: Position }[] = [];
    let entry: StateEntry | undefined;
    do {
      const before = reader.position();
      entry = await reader.next();
      if (!entry) break;
      looked++;
      if (accept(entry)) entries.push({ entry, before, behind: reader.position() });
    } while (entries.length < batch && looked < most);
    const expanded = await expand(entries.map((one) => one.entry));
    for (const [
      index,
      {
        entry: { sk },
        before,
        behind,
      },
    ] of entries.entries()) {
      const found = (expanded[index] ?? []).filter((item) => after?.sk !== sk || keyOf(item) > after.key);
      const room = limit - items.length;
      items.push(...found.slice(0, room));
      const last = items.at(-1);
      if (found.length > room && last !== undefined)
        return { items, next: { position: before, after: { sk, key: keyOf(last) } } };
      if (items.length >= limit && (entry || index < entries.length - 1)) return { items, next: { position: behind } };
    }
    if (!entry) return { items };
    if (looked >= most) return { items, next: { position: reader.position() } };
  }
}
