import { type Hook, hookSchema } from "../hooks/Hook.ts";
import { queryHooks } from "../hooks/queryHooks.ts";
import { keyTail } from "../runtime/keys.ts";
import { mapConcurrently } from "../runtime/mapConcurrently.ts";
import type { Services, Table } from "../runtime/Services.ts";
import { type Session, sessionSchema } from "../session/Session.ts";
import { countTurns } from "./countTurns.ts";
import { findByState } from "./findByState.ts";
import type { StateEntry } from "./findInShard.ts";
import { parseRows, type UnreadRow } from "./parseRows.ts";
import { platformOf } from "./platformOf.ts";
import { readRows } from "./readRows.ts";
import { uniqueRows } from "./uniqueRows.ts";

/** Sessions looked into at once: each is a query or two, mostly waiting. */
const CONCURRENCY = 16;

/** Which sessions to list. */
export interface SessionFilter {
  /** @default both */
  readonly status?: Session["status"];
  /** The platform's name in the config. @default any */
  readonly platform?: string;
  /** Also those that ended without a turn, as when somebody only said `/reset`. @default false */
  readonly all?: boolean;
  /** The most sessions. */
  readonly limit: number;
}

/** A session, how many turns it has by now, and its hooks by provider name. */
export interface ListedSession {
  readonly session: Session;
  readonly turns: number;
  readonly hooks: readonly Hook[];
}

/** Sessions, and the rows of them and their hooks that could not be read: of a newer version, or spoiled. */
export interface ListedSessions {
  readonly sessions: readonly ListedSession[];
  readonly unread: readonly UnreadRow[];
}

/**
 * The newest sessions first: an ended one counts by its end, an open one by its start. Open sessions are found among all
 * that are open, so the call reads the index once over; of the ended ones it reads little more than it lists.
 */
export async function listSessions(
  services: Pick<Services, "table" | "clock" | "random">,
  filter: SessionFilter,
): Promise<ListedSessions> {
  const { table } = services;
  const { sessions, unread } = await findSessions(services, filter, filter.limit);
  const listed = new Map<string, ListedSession>();
  const missed = [...unread];
  await mapConcurrently(sessions, CONCURRENCY, async (session) => {
    const [turns, items] = await Promise.all([
      session.turns ?? countTurns(table, session.session),
      queryHooks(table, session.session),
    ]);
    const hooks = parseRows(hookSchema, items);
    missed.push(...hooks.unread);
    listed.set(session.session, { session, turns, hooks: hooks.rows });
  });
  return { sessions: sessions.flatMap(({ session }) => listed.get(session) ?? []), unread: uniqueRows(missed) };
}

/** @param most how many to look at of either status; more, while too many of them are left out */
async function findSessions(
  services: Pick<Services, "table" | "clock" | "random">,
  filter: SessionFilter,
  most: number,
): Promise<{ readonly sessions: readonly Session[]; readonly unread: readonly UnreadRow[] }> {
  const { table } = services;
  const { status, platform, all = false, limit } = filter;
  const accept = ({ pk, sk }: StateEntry) =>
    sk.startsWith("SESSION#") && (platform === undefined || platformOf(keyTail(pk)) === platform);
  const [open, ended] = await Promise.all([
    status === "ended" ? [] : newestOpen(table, accept, most),
    status === "open" ? [] : findByState(table, "ENDED", accept, most),
  ]);
  // A session that is being sealed may be in the index twice.
  const byKey = new Map([...open, ...ended].map((entry) => [entry.sk, entry]));
  const { rows, unread } = await readRows(services, [...byKey.values()], sessionSchema);
  const sessions = rows
    .filter((row) => status === undefined || row.status === status)
    .filter((row) => all || row.turns !== 0)
    .sort((a, b) => timeOf(b) - timeOf(a) || (a.session < b.session ? 1 : -1))
    .slice(0, limit);
  const isShort = sessions.length < limit && ended.length === most;
  return isShort ? findSessions(services, filter, most * 4) : { sessions, unread };
}

/** Ids sort by the time they were made at, so the newest are known by their keys. */
async function newestOpen(
  table: Table,
  accept: (entry: StateEntry) => boolean,
  limit: number,
): Promise<readonly StateEntry[]> {
  const open = await findByState(table, "DUE", accept);
  return [...open].sort((a, b) => (a.sk < b.sk ? 1 : -1)).slice(0, limit);
}

function timeOf({ endedAt, startedAt }: Session): number {
  return endedAt ?? startedAt;
}
