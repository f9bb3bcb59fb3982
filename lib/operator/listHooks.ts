import { type Hook, hookSchema } from "../hooks/Hook.ts";
import { loadHooks } from "../hooks/loadHooks.ts";
import type { State } from "../runtime/byState.ts";
import { keyTail } from "../runtime/keys.ts";
import { mapConcurrently } from "../runtime/mapConcurrently.ts";
import type { Services, Table } from "../runtime/Services.ts";
import { findByState } from "./findByState.ts";
import { hookTime } from "./hookTime.ts";
import { readRows } from "./readRows.ts";

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

/**
 * The newest hooks first, each by its `hookTime`. Every pending and dead hook can be listed; delivered and skipped ones
 * are those of the 1,000 sessions that ended last.
 */
export async function listHooks({ table }: Pick<Services, "table">, filter: HookFilter): Promise<readonly Hook[]> {
  const { status, provider, limit } = filter;
  const found = await Promise.all([
    status === undefined || status === "pending" ? hooksOf(table, "DUE", provider, limit) : [],
    status === undefined || status === "dead" ? hooksOf(table, "DEAD", provider, limit) : [],
    status === "pending" || status === "dead" ? [] : settledHooks(table, filter),
  ]);
  // A hook that moves on meanwhile may be found twice, or have left the status that is asked for.
  const unique = new Map(found.flat().map((hook) => [`${hook.session}|${hook.provider}`, hook]));
  return [...unique.values()]
    .filter((hook) => status === undefined || hook.status === status)
    .sort((a, b) => hookTime(b) - hookTime(a) || (a.session < b.session ? 1 : -1))
    .slice(0, limit);
}

async function hooksOf(
  table: Table,
  state: State,
  provider: string | undefined,
  limit: number,
): Promise<readonly Hook[]> {
  const accept = ({ sk }: { readonly sk: string }) =>
    provider === undefined ? sk.startsWith("HOOK#") : sk === `HOOK#${provider}`;
  return readRows(table, await findByState(table, state, accept, limit), hookSchema);
}

async function settledHooks(table: Table, { status, provider, limit }: HookFilter): Promise<readonly Hook[]> {
  const sessions = await findByState(table, "ENDED", ({ sk }) => sk.startsWith("SESSION#"), RECENT_SESSIONS);
  const found: Hook[] = [];
  for (let start = 0; start < sessions.length && found.length < limit; start += CONCURRENCY) {
    await mapConcurrently(sessions.slice(start, start + CONCURRENCY), CONCURRENCY, async ({ sk }) => {
      const hooks = await loadHooks(table, keyTail(sk));
      found.push(
        ...hooks.filter(
          (hook) =>
            (status === undefined
              ? hook.status === "delivered" || hook.status === "skipped"
              : hook.status === status) &&
            (provider === undefined || hook.provider === provider),
        ),
      );
    });
  }
  return found;
}
