import * as v from "valibot";
import { type Hook, hookSchema } from "../domain/Hook.ts";
import { mapConcurrently } from "../runtime/async.ts";
import type { Table } from "../services/Services.ts";
import { keyTail } from "../store/keys.ts";
import { queryHooks } from "../store/readHooks.ts";
import type { ReadServices } from "../store/readItems.ts";
import { isWithin } from "./filter/Period.ts";
import type { HookQuery } from "./filter/queries.ts";
import type { StateEntry } from "./findByState.ts";
import { errorGroup } from "./listGroups.ts";
import { isIn } from "./listSessions.ts";
import { fromCursor, toCursor } from "./pages/cursor.ts";
import { fillPage } from "./pages/fillPage.ts";
import { type Order, placesSchema, stateReader } from "./pages/stateReader.ts";
import { parseRows, readRows, type UnreadRow, uniqueRows } from "./readRows.ts";
import { hookStatus } from "./views.ts";

/** Sessions whose hooks are read at once. */
const CONCURRENCY = 16;

/** Sessions that are looked into together; a page of all hooks needs no more than it has hooks. */
const SESSIONS = 4 * CONCURRENCY;

/** Hook rows that are read at once, four batches of a hundred. */
const ROWS = 400;

/** Of what is in the index, entries that one page looks at: their rows are some 10 MB at the most. */
const MOST_ENTRIES = 5_000;

/** Sessions whose hooks one page looks at, a query each: a filter that matches nothing ends within seconds. */
const MOST_SESSIONS = 1_000;

/** Which hooks to list, and which part of them. */
export interface HookFilter extends HookQuery {
  /** The most hooks. */
  readonly limit: number;
  /** @default newest first */
  readonly order?: Order | undefined;
  /** The `next` of the page before, of the same filter. */
  readonly cursor?: string | undefined;
}

/** Hooks, and the rows among them that could not be read: of a newer version, or spoiled. */
export interface ListedHooks {
  readonly hooks: readonly Hook[];
  readonly unread: readonly UnreadRow[];
  /** The cursor of the next page; absent: there is none. A page may be short of `limit` and have one. */
  readonly next?: string;
}

const cursorSchema = v.object({
  position: placesSchema,
  after: v.exactOptional(v.object({ sk: v.string(), key: v.string() })),
});

/**
 * Lists hooks: dead ones by when they died, pending and accepted ones by when they are looked at next, and otherwise hooks of every
 * state by the end of their session. What changes meanwhile is neither skipped nor repeated, unless it moves in that order.
 *
 * @throws CursorError
 */
export async function listHooks(services: ReadServices, filter: HookFilter): Promise<ListedHooks> {
  const { table } = services;
  const { limit, order = "newest", cursor, ...query } = filter;
  const list = ["hooks", order, query];
  const from = cursor === undefined ? undefined : fromCursor(list, cursorSchema, cursor);
  const unread: UnreadRow[] = [];
  const isUnfinished = query.status === "pending" || query.status === "accepted";
  const indexed = query.status === "dead" || isUnfinished;
  const reader = stateReader(table, {
    ...(indexed
      ? { state: query.status === "dead" ? "DEAD" : "DUE", kind: "HOOK#" }
      : { state: "ENDED" as const, kind: "SESSION#" }),
    order,
    wanted: needsRows(query) ? undefined : limit,
    // Not of these: the index has when they are looked at next.
    ...(isUnfinished ? {} : { since: query.since, until: query.until }),
    ...(from ? { from: from.position } : {}),
  });
  const page = await fillPage<Hook, ReturnType<typeof reader.position>>({
    reader,
    limit,
    most: indexed ? MOST_ENTRIES : MOST_SESSIONS,
    batch: needsRows(query) ? (indexed ? ROWS : SESSIONS) : Math.min(indexed ? ROWS : SESSIONS, limit),
    accept: (entry) => (indexed ? acceptsHook(entry, query) : isIn(query, keyTail(entry.pk), keyTail(entry.sk))),
    expand: (entries) =>
      indexed ? hooksAt(services, entries, query, unread) : hooksOfSessions(table, entries, query, unread),
    keyOf: ({ provider }) => provider,
    after: from?.after,
  });
  return {
    hooks: page.items,
    unread: uniqueRows(unread),
    ...(page.next ? { next: toCursor(list, page.next) } : {}),
  };
}

/** Whether only a hook's row can say that it is not meant, so that a page may need many more rows than it has hooks. */
function needsRows({ status, group, platform, conversation, provider, since, until }: HookQuery): boolean {
  const isListedByTime = status !== "pending" && status !== "accepted";
  const isInIndex = status === "dead" || !isListedByTime;
  return [
    ...[group, platform, conversation],
    // The index has them among the pending ones.
    status === "accepted" ? status : undefined,
    isListedByTime ? undefined : (since ?? until),
    // Of a session's hooks only their rows say what they are.
    isInIndex ? undefined : (status ?? provider),
  ].some((value) => value !== undefined);
}

function acceptsHook({ pk, sk }: StateEntry, { provider, id }: HookQuery): boolean {
  return (provider === undefined || keyTail(sk) === provider) && (id === undefined || pk.endsWith(id));
}

function matches(hook: Hook, query: HookQuery, time: number | undefined): boolean {
  const failure = hook.failures.at(-1);
  return (
    (query.status === undefined || hookStatus(hook) === query.status) &&
    (query.provider === undefined || hook.provider === query.provider) &&
    (query.group === undefined || (failure !== undefined && errorGroup(failure) === query.group)) &&
    isIn(query, hook.conversation, hook.session) &&
    isWithin(query, time ?? (hook.status === "dead" ? (hook.deadAt ?? hook.createdAt) : hook.createdAt))
  );
}

async function hooksAt(
  services: ReadServices,
  entries: readonly StateEntry[],
  query: HookQuery,
  unread: UnreadRow[],
): Promise<readonly (readonly Hook[])[]> {
  const found = await readRows(services, entries, hookSchema);
  unread.push(...found.unread);
  const byKey = new Map(found.rows.map((hook) => [`${hook.session}|${hook.provider}`, hook]));
  return entries.map(({ pk, sk }) => {
    const hook = byKey.get(`${keyTail(pk)}|${keyTail(sk)}`);
    return hook && matches(hook, query, undefined) ? [hook] : [];
  });
}

async function hooksOfSessions(
  table: Table,
  entries: readonly StateEntry[],
  query: HookQuery,
  unread: UnreadRow[],
): Promise<readonly (readonly Hook[])[]> {
  const found: Hook[][] = entries.map(() => []);
  await mapConcurrently(entries.entries(), CONCURRENCY, async ([index, { sk, at }]) => {
    const { rows, unread: missed } = parseRows(hookSchema, await queryHooks(table, keyTail(sk)));
    unread.push(...missed.filter((row) => query.provider === undefined || keyTail(row.sk) === query.provider));
    found[index] = rows.filter((hook) => matches(hook, query, at));
  });
  return found;
}

/** Hooks of one page: four batches of a hundred rows. */
const PAGE = 400;

/** Some of a query's hooks. */
export interface HookBatch {
  readonly hooks: readonly Hook[];
  readonly unread: readonly UnreadRow[];
  /** Where the next batch begins; absent: this is the last one. */
  readonly next?: string;
}

/** Every hook that a query means, batch by batch. `cursor`: the `next` of an earlier batch. @throws CursorError */
export async function* scanHooks(
  services: ReadServices,
  query: HookQuery,
  {
    order = "oldest",
    cursor,
    page = PAGE,
  }: { readonly order?: Order; readonly cursor?: string; readonly page?: number } = {},
): AsyncGenerator<HookBatch> {
  let from = cursor;
  do {
    const batch: HookBatch = await listHooks(services, { ...query, order, limit: page, cursor: from });
    yield batch;
    from = batch.next;
  } while (from !== undefined);
}
