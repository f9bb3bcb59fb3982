import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { parse } from "../adapter/schema/parse.ts";
import type { Conversation } from "../domain/Conversation.ts";
import type { Hook } from "../domain/Hook.ts";
import type { Session } from "../domain/Session.ts";
import type { Turn } from "../domain/Turn.ts";
import { VesperError } from "../domain/VesperError.ts";
import type { Services, Table } from "../services/Services.ts";
import { readConversation } from "../store/conversations.ts";
import { stateKey } from "../store/dueIndex.ts";
import { keyTail } from "../store/keys.ts";
import { loadHooks } from "../store/readHooks.ts";
import { readSession } from "../store/sessions.ts";
import { loadTurns } from "../store/turns.ts";
import { CommandFailed } from "./CommandFailed.ts";
import { findInShard } from "./findByState.ts";
import { stateReader } from "./pages/stateReader.ts";

/** No session has the id that was given. */
export class UnknownSession extends VesperError {
  override readonly name = "UnknownSession";
  readonly retry = false;
  constructor(id: string) {
    super(`no session "${id}": it may have been purged after its retention; npx vesper sessions ls has the newest`);
  }
}

/** A row that keeps a turn out names none. */
const holderSchema = v.object({ conversation: v.exactOptional(v.string()) });

/** Finds a session by its id alone; undefined when there is none (any more). */
export async function findSession({ table }: Pick<Services, "table">, session: string): Promise<Session | undefined> {
  const conversation = (await conversationInside(table, session)) ?? (await conversationInIndex(table, session));
  return conversation === undefined ? undefined : readSession(table, conversation, session);
}

/** Each of its turns and hooks names the conversation. */
async function conversationInside(table: Table, session: string): Promise<string | undefined> {
  const { Items = [] } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": `SESSION#${session}` },
      Limit: 1,
      ConsistentRead: true,
    }),
  );
  return Items[0] && parse(holderSchema, Items[0]).conversation;
}

/** A session with no turn and no hook yet, or ever, is in the index partition that its id names. */
async function conversationInIndex(table: Table, session: string): Promise<string | undefined> {
  for (const state of ["DUE", "ENDED"] as const) {
    const shard = stateKey(state, session);
    const [entry] = await findInShard(table, shard, ({ sk }) => sk === `SESSION#${session}`, 1);
    if (entry) return keyTail(entry.pk);
  }
  return undefined;
}

/** Everything that is stored of a session. */
export interface ShownSession {
  readonly session: Session;
  /** The conversation, while it names this session: says when and why the session will expire. */
  readonly live?: Conversation;
  /** Turns and commands, oldest first. */
  readonly turns: readonly Turn[];
  readonly hooks: readonly Hook[];
}

/** Reads a session by its id alone; undefined when there is none (any more). */
export async function showSession(services: Pick<Services, "table">, id: string): Promise<ShownSession | undefined> {
  const { table } = services;
  const session = await findSession(services, id);
  if (!session) return undefined;
  const [conversation, turns, hooks] = await Promise.all([
    readConversation(table, session.conversation),
    loadTurns(table, id),
    loadHooks(table, id),
  ]);
  return { session, ...(conversation?.session === id ? { live: conversation } : {}), turns, hooks };
}

/** The length of a whole id, a ULID's. */
const WHOLE = 26;

/** Shorter ones name too many. */
const SHORTEST = 4;

/** The most ids that an error names. */
const MOST_NAMED = 5;

/**
 * The session that a person means: by its whole id, or by an end or a beginning of it that no other session has.
 *
 * @throws UnknownSession, or CommandFailed when several have it
 */
export async function resolveSession(services: Pick<Services, "table">, given: string): Promise<Session> {
  const text = given.replace(/^(…|\.{2,3})/, "");
  const exact = (await findSession(services, text)) ?? (await findShort(services, text.toUpperCase()));
  if (!exact) throw new UnknownSession(given);
  return exact;
}

async function findShort(services: Pick<Services, "table">, text: string): Promise<Session | undefined> {
  if (text.length >= WHOLE || text.length < SHORTEST) return undefined;
  const found = new Set<string>();
  for (const state of ["DUE", "ENDED"] as const) {
    const reader = stateReader(services.table, { state, kind: "SESSION#", order: "newest" });
    for (let entry = await reader.next(); entry; entry = await reader.next()) {
      const id = keyTail(entry.sk);
      if (id.endsWith(text) || id.startsWith(text)) found.add(id);
      if (found.size > MOST_NAMED) break;
    }
  }
  const [only, ...others] = found;
  if (others.length > 0) {
    const named = [...found].slice(0, MOST_NAMED).join(", ");
    throw new CommandFailed(`"${text}" is the end or the beginning of several sessions: ${named}; give more of the id`);
  }
  return only === undefined ? undefined : findSession(services, only);
}

/**
 * The id of the session whose hooks a person means. Of a session that is unknown as such there may be hooks all the same:
 * then it is what was given.
 *
 * @throws CommandFailed when several sessions have it
 */
export async function sessionOf(services: Pick<Services, "table">, given: string): Promise<string> {
  try {
    return (await resolveSession(services, given)).session;
  } catch (error) {
    if (error instanceof UnknownSession) return given;
    throw error;
  }
}
