import type { Hook } from "../hooks/Hook.ts";
import { loadHooks } from "../hooks/loadHooks.ts";
import type { Services } from "../runtime/Services.ts";
import type { Conversation } from "../session/Conversation.ts";
import { readConversation } from "../session/readConversation.ts";
import type { Session } from "../session/Session.ts";
import { loadTurns } from "../transcript/loadTurns.ts";
import type { Turn } from "../transcript/Turn.ts";
import { findSession } from "./findSession.ts";

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
