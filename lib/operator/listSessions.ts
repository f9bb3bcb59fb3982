import { paginateQuery } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { type Hook, hookSchema } from "../domain/Hook.ts";
import { keyPart } from "../domain/ids.ts";
import { type Session, sessionSchema } from "../domain/Session.ts";
import { TURN_PREFIX } from "../domain/Turn.ts";
import { mapConcurrently } from "../runtime/async.ts";
import type { Table } from "../services/Services.ts";
import { keyTail } from "../store/keys.ts";
import { queryHooks } from "../store/readHooks.ts";
import type { ReadServices } from "../store/readItems.ts";
import type { SessionQuery } from "./filter/queries.ts";
import type { StateEntry } from "./findByState.ts";
import { fromCursor, toCursor } from "./pages/cursor.ts";
import { fillPage } from "./pages/fillPage.ts";
import { type SessionPlaces, sessionPlacesSchema, sessionReader } from "./pages/sessionReader.ts";
import type { Order } from "./pages/stateReader.ts";
import { parseRows, readRows, type UnreadRow, uniqueRows } from "./readRows.ts";

/** Sessions looked into at once: each is a query or two, mostly waiting. */
const CONCURRENCY = 16;

/** Entries that one page looks at. */
const MOST_ENTRIES = 5_000;

/** The same when it takes a query of each session's turns. */
const MOST_SEARCHED = 1_000;

/** Session rows read at once where the filter leaves many out. */
const ROWS = 400;

/** Which sessions to list, and which part of them. */
export interface SessionFilter extends SessionQuery {
  /** Also those that ended without a turn, as when somebody only said `/reset`. @default false */
  readonly all?: boolean | undefined;
  /** The most sessions. */
  readonly limit: number;
  /** @default newest first */
  readonly order?: Order | undefined;
  /** The `next` of the page before, of the same filter. */
  readonly cursor?: string | undefined;
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
  /** The cursor of the next page; absent: there is none. A page may be short of `limit` and have one. */
  readonly next?: string;
}

/** A page of sessions' rows alone. */
export interface SessionRows {
  readonly rows: readonly Session[];
  readonly unread: readonly UnreadRow[];
  readonly next?: string;
}

const cursorSchema = v.object({ position: sessionPlacesSchema });

/**
 * Lists sessions, an ended one by its end, an open one by its start, with their turns and hooks: the matrix of sessions
 * and providers. What begins or ends meanwhile makes no other session be skipped or repeated.
 *
 * @throws CursorError
 */
export async function listSessions(services: ReadServices, filter: SessionFilter): Promise<ListedSessions> {
  const { table } = services;
  const { rows, ...rest } = await listSessionRows(services, filter);
  const listed = new Map<string, ListedSession>();
  const unread = [...rest.unread];
  await mapConcurrently(rows, CONCURRENCY, async (session) => {
    const [turns, items] = await Promise.all([
      session.turns ?? countTurns(table, session.session),
      queryHooks(table, session.session),
    ]);
    const hooks = parseRows(hookSchema, items);
    unread.push(...hooks.unread);
    listed.set(session.session, { session, turns, hooks: hooks.rows });
  });
  return { ...rest, sessions: rows.flatMap(({ session }) => listed.get(session) ?? []), unread: uniqueRows(unread) };
}

/** The same without turns and hooks. @throws CursorError */
export async function listSessionRows(
  services: ReadServices,
  { limit, order = "newest", cursor, all = false, ...query }: SessionFilter,
): Promise<SessionRows> {
  const { table } = services;
  const list = ["sessions", order, all, query];
  const from = cursor === undefined ? undefined : fromCursor(list, cursorSchema, cursor).position;
  const unread: UnreadRow[] = [];
  const seen = new Set<string>();
  const page = await fillPage<Session, SessionPlaces>({
    reader: sessionReader(table, { ...query, order, from }),
    limit,
    most: query.user === undefined ? MOST_ENTRIES : MOST_SEARCHED,
    batch: query.user !== undefined ? CONCURRENCY * 4 : query.reason === undefined ? Math.min(limit, ROWS) : ROWS,
    accept: ({ pk, sk }) => isIn(query, keyTail(pk), keyTail(sk)),
    expand: (entries) => rowsAt(services, entries, { ...query, all }, { unread, seen }),
    keyOf: ({ session }) => session,
  });
  return { rows: page.items, unread, ...(page.next ? { next: toCursor(list, page.next) } : {}) };
}

async function rowsAt(
  services: ReadServices,
  entries: readonly StateEntry[],
  { status, reason, user, all }: SessionQuery & { readonly all: boolean },
  { unread, seen }: { readonly unread: UnreadRow[]; readonly seen: Set<string> },
): Promise<readonly (readonly Session[])[]> {
  const { table } = services;
  const found = await readRows(
    services,
    [...new Map(entries.map((entry) => [entry.sk, entry])).values()],
    sessionSchema,
  );
  unread.push(...found.unread);
  const rows = new Map<string, Session>();
  await mapConcurrently(found.rows, CONCURRENCY, async (row) => {
    if (!all && row.turns === 0) return;
    if ((status !== undefined && row.status !== status) || (reason !== undefined && row.reason !== reason)) return;
    if (user === undefined || (await writersOf(table, row.session)).has(user)) rows.set(row.session, row);
  });
  return entries.map(({ sk }) => {
    const row = rows.get(keyTail(sk));
    // One that is being sealed may be met among the open and the ended ones.
    if (!row || seen.has(row.session)) return [];
    seen.add(row.session);
    return [row];
  });
}

/** How many turns of a session are stored by now; commands are none. */
async function countTurns(table: Table, session: string): Promise<number> {
  let turns = 0;
  const pages = paginateQuery(
    { client: table.client },
    {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
      FilterExpression: "kind = :turn",
      ExpressionAttributeValues: { ":pk": `SESSION#${session}`, ":prefix": TURN_PREFIX, ":turn": "turn" },
      Select: "COUNT",
      ConsistentRead: true,
    },
  );
  for await (const page of pages) turns += page.Count ?? 0;
  return turns;
}

const writerSchema = v.object({ user: v.object({ id: v.string() }) });

/** The platform's ids of everybody who wrote in a session. */
async function writersOf(table: Table, session: string): Promise<ReadonlySet<string>> {
  const writers = new Set<string>();
  const pages = paginateQuery(
    { client: table.client },
    {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
      ProjectionExpression: "#user",
      ExpressionAttributeNames: { "#user": "user" },
      ExpressionAttributeValues: { ":pk": `SESSION#${session}`, ":prefix": TURN_PREFIX },
    },
  );
  for await (const page of pages) {
    for (const item of page.Items ?? []) {
      const { success, output } = v.safeParse(writerSchema, item);
      if (success) writers.add(output.user.id);
    }
  }
  return writers;
}

/**
 * Whether a session is one of those that a query's place and id mean.
 *
 * @param conversation the conversation's key
 */
export function isIn(
  { platform, conversation: wanted, id }: Pick<SessionQuery, "platform" | "conversation" | "id">,
  conversation: string,
  session: string,
): boolean {
  return (
    (id === undefined || session.endsWith(id)) &&
    (platform === undefined || platformOf(conversation) === platform) &&
    (wanted === undefined || conversation === wanted || conversation.split("/")[2] === keyPart(wanted))
  );
}

/** The platform's name in a conversation's key, so that sessions can be sifted by it before they are read. */
function platformOf(conversation: string): string {
  return decodeURIComponent(conversation.split("/")[1] ?? "");
}
