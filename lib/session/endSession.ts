import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { isTaken } from "../runtime/isTaken.ts";
import { conversationItem, sessionItem, turnItem } from "../runtime/keys.ts";
import type { Services, Table } from "../runtime/Services.ts";
import { updateItem } from "../runtime/updateItem.ts";
import { expireConversation } from "./expireConversation.ts";
import { readConversation } from "./readConversation.ts";
import { rearm } from "./rearm.ts";

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
  await rearm(table, sessionItem(conversation, session), expiresAt * 1000);
  const marked = await isTaken(
    updateItem(table, {
      Key: conversationItem(conversation),
      UpdateExpression: "SET expiresAt = :at, expiresWhy = :why, lease.id = :next",
      ConditionExpression: "#session = :session AND lease.id = :lease",
      ExpressionAttributeNames: { "#session": "session" },
      ExpressionAttributeValues: {
        ":at": expiresAt,
        ":why": "api",
        ":next": lease,
        ":session": session,
        ":lease": read.lease.id,
      },
    }),
  );
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
