import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Session } from "../domain/Session.ts";
import type { Services, Table } from "../services/Services.ts";
import { expireConversation, expireNow, readConversation } from "../store/conversations.ts";
import { sessionItem, turnItem } from "../store/keys.ts";
import { scheduleVisit } from "../store/sessions.ts";
import { recordAudit } from "./audit.ts";
import { findSession } from "./findSession.ts";

/** What came of the wish to end a session. */
export type EndOutcome = "ended" | "not-live" | "busy";

/**
 * Ends a live session on an operator's word. First the conversation is made to expire now, for that reason; then it is
 * deleted like any expired one. A crash in between leaves an expired conversation, which the next sweep ends.
 */
export async function endSession(
  { table, clock, newId }: Pick<Services, "table" | "clock" | "newId">,
  conversation: string,
  session: string,
): Promise<EndOutcome> {
  const read = await readConversation(table, conversation);
  if (read?.session !== session) return "not-live";
  const now = clock.now();
  if (read.lease.until > now && !(await isStored(table, session, read.lease.turn))) return "busy";
  const lease = newId();
  const expiresAt = Math.floor(now / 1000);
  // Before the mark: a visit too many does no harm, one too few would leave the end to whenever the next one was due.
  await scheduleVisit(table, sessionItem(conversation, session), expiresAt * 1000);
  const marked = await expireNow(table, conversation, read, { at: expiresAt, lease });
  if (!marked) return "busy";
  if (await expireConversation(table, conversation, { ...read, lease: { ...read.lease, id: lease } })) return "ended";
  // Somebody else ended it, or a message that had come in before went on with it.
  return (await readConversation(table, conversation))?.session === session ? "busy" : "ended";
}

async function isStored(table: Table, session: string, turn: string): Promise<boolean> {
  const key = turnItem(session, turn);
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true }));
  return Item !== undefined;
}

/** What came of it: as `endSession` says, or that there is no such session (any more). */
export type EndByIdOutcome =
  | { readonly outcome: EndOutcome; readonly session: Session }
  | { readonly outcome: "unknown" };

/**
 * Ends a live session, found by its id alone, and writes into the audit log who did. Its hooks are written by the expiry
 * function a moment later.
 */
export async function endSessionById(
  services: Pick<Services, "table" | "clock" | "newId">,
  id: string,
  who: string,
): Promise<EndByIdOutcome> {
  const session = await findSession(services, id);
  if (!session) return { outcome: "unknown" };
  await recordAudit(services, { who, action: "sessions end", target: id });
  return { outcome: await endSession(services, session.conversation, id), session };
}
