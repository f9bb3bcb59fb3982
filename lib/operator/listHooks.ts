import { type Hook, hookSchema } from "../hooks/Hook.ts";
import { queryHooks } from "../hooks/queryHooks.ts";
import type { State } from "../runtime/byState.ts";
import { keyTail } from "../runtime/keys.ts";
import { mapConcurrently } from "../runtime/mapConcurrently.ts";
import type { Services, Table } from "../runtime/Services.ts";
import { findByState } from "./findByState.ts";
import { hookTime } from "./hookTime.ts";
import { type ParsedRows, parseRows, type UnreadRow } from "./parseRows.ts";
import { readRows } from "./readRows.ts";
import { uniqueRows } from "./uniqueRows.ts";

/** Sessions whose hooks are read at once. */
const CONCURRENCY = 16;

/**
 * Delivered and skipped hooks are in no index; they are looked for in as many of the newest ended sessions. A query
 * each, so that a filter that matches nothing ends within seconds.
 */
const RECENT_SESSIONS = 1_000;

/** Which hooks to list. */
export interface HookFilter {
  /** @default any */
  readonly status?: Hook["status"];
  /** The provider's name in the config. @default any */
  readonly provider?: string;
  /** The most hooks. */
  readonly limit: number;
}

/** Hooks, and the rows among them that could not be read: of a newer version, or spoiled. */
export interface ListedHooks {
  readonly hooks: readonly Hook[];
  readonly unread: readonly UnreadRow[];
}

type ListServices = Pick<Services, "table" | "clock" | "random">;

const NONE: ParsedRows<Hook> = { rows: [], unread: [] };

/**
 * The newest hooks first, each by its `hookTime`. Every pending and dead hook can be listed; delivered and skipped ones
 * are those of the 1,000 sessions that ended last.
 */
export async function listHooks(services: ListServices, filter: HookFilter): Promise<ListedHooks> {
  const { status, provider, limit } = filter;
  const found = await Promise.all([
    status === undefined || status === "pending" ? hooksOf(services, "DUE", provider, limit) : NONE,
    status === undefined || status === "dead" ? hooksOf(services, "DEAD", provider, limit) : NONE,
    status === "pending" || status === "dead" ? NONE : settledHooks(services.table, filter),
  ]);
  // A hook that moves on meanwhile may be found twice, or have left the status that is asked for.
  const unique = new Map(found.flatMap(({ rows }) => rows).map((hook) => [`${hook.session}|${hook.provider}`, hook]));
  const hooks = [...unique.values()]
    .filter((hook) => status === undefined || hook.status === status)
    .sort((a, b) => hookTime(b) - hookTime(a) || (a.session < b.session ? 1 : -1))
    .slice(0, limit);
  return { hooks, unread: uniqueRows(found.flatMap(({ unread }) => unread)) };
}

async function hooksOf(
  services: ListServices,
  state: State,
  provider: string | undefined,
  limit: number,
): Promise<ParsedRows<Hook>> {
  const accept = ({ sk }: { readonly sk: string }) =>
    provider === undefined ? sk.startsWith("HOOK#") : sk === `HOOK#${provider}`;
  return readRows(services, await findByState(services.table, state, accept, limit), hookSchema);
}

async function settledHooks(table: Table, { status, provider, limit }: HookFilter): Promise<ParsedRows<Hook>> {
  const sessions = await findByState(table, "ENDED", ({ sk }) => sk.startsWith("SESSION#"), RECENT_SESSIONS);
  const found: Hook[] = [];
  const missed: UnreadRow[] = [];
  for (let start = 0; start < sessions.length && found.length < limit; start += CONCURRENCY) {
    await mapConcurrently(sessions.slice(start, start + CONCURRENCY), CONCURRENCY, async ({ sk }) => {
      const { rows, unread } = parseRows(hookSchema, await queryHooks(table, keyTail(sk)));
      missed.push(...unread.filter(({ sk }) => provider === undefined || sk === `HOOK#${provider}`));
      found.push(
        ...rows.filter(
          (hook) =>
            (status === undefined
              ? hook.status === "delivered" || hook.status === "skipped"
              : hook.status === status) &&
            (provider === undefined || hook.provider === provider),
        ),
      );
    });
  }
  return { rows: found, unread: missed };
}
