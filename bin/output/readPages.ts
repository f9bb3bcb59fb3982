import type { UnreadRow } from "../../lib/operator/readRows.ts";
import type { PageOptions } from "../options/pageOptions.ts";
import type { Terminal } from "../Terminal.ts";
import { warnOfUnread } from "./warnOfUnread.ts";

/** The most that one page of `--ndjson` holds. */
const PAGE = 200;

/** A page of a list. */
interface Page<Item> {
  readonly items: readonly Item[];
  readonly unread: readonly UnreadRow[];
  readonly next?: string;
}

/** How a list's page is read. */
interface Paging {
  readonly limit: number;
  readonly order: "newest" | "oldest";
  readonly cursor?: string | undefined;
}

/**
 * Reads a list as the options say: `--limit` of it, however many looks that takes, or with `--ndjson` all of it, each item
 * printed as it comes. Answers the items to print, the cursor behind them,
 * and whether the whole list has nothing at all.
 */
export async function readPages<Item>(
  terminal: Terminal,
  options: PageOptions,
  read: (paging: Paging) => Promise<Page<Item>>,
  view: (item: Item) => unknown,
): Promise<{ readonly items: readonly Item[]; readonly next?: string | undefined; readonly isEmpty: boolean }> {
  const { limit, ndjson, oldest } = options;
  const items: Item[] = [];
  const unread: UnreadRow[] = [];
  let { cursor } = options;
  let isEmpty = cursor === undefined;
  do {
    const size = ndjson ? PAGE : limit - items.length;
    const page = await read({ limit: size, order: oldest ? "oldest" : "newest", cursor });
    unread.push(...page.unread);
    if (page.items.length + page.unread.length > 0) isEmpty = false;
    if (ndjson) for (const item of page.items) terminal.write(JSON.stringify(view(item)));
    else items.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined && (ndjson || items.length < limit));
  warnOfUnread(terminal, unread);
  return { items, next: cursor, isEmpty };
}
