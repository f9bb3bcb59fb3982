import type { Services, Table } from "../services/Services.ts";
import { expireConversation, expireNow, readConversation } from "./conversations.ts";
import { sessionItem, turnItem } from "./keys.ts";
import { readItem } from "./readItem.ts";
import { scheduleVisit } from "./sessions.ts";

/** What came of the wish to end a session. */
export type EndOutcome = "ended" | "not-live" | "busy";

/**
 * Ends a live session before its time. First the conversation is made to expire now, for that reason; then it is
 * deleted like any expired one. A crash in between leaves an expired conversation, which the next sweep ends.
 *
 * @param lease the new id of its lease
 */
export async function endLive(
  { table, clock }: Pick<Services, "table" | "clock">,
  conversation: string,
  session: string,
  why: "api" | "gone",
  lease: string,
): Promise<EndOutcome> {
  const read = await readConversation(table, conversation);
  if (read?.session !== session) return "not-live";
  const now = clock.now();
  if (read.lease.until > now && !(await isStored(table, session, read.lease.turn))) return "busy";
  const expiresAt = Math.floor(now / 1000);
  // Before the mark: a visit too many does no harm, one too few would leave the end to whenever the next one was due.
  await scheduleVisit(table, sessionItem(conversation, session), expiresAt * 1000);
  const marked = await expireNow(table, conversation, read, { at: expiresAt, why, lease });
  if (!marked) return "busy";
  if (await expireConversation(table, conversation, { ...read, lease: { ...read.lease, id: lease } })) return "ended";
  // Somebody else ended it, or a message that had come in before went on with it.
  return (await readConversation(table, conversation))?.session === session ? "busy" : "ended";
}

async function isStored(table: Table, session: string, turn: string): Promise<boolean> {
  const key = turnItem(session, turn);
  const item = await readItem(table, key);
  return item !== undefined;
}
