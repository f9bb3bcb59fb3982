import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { sessionItem } from "../runtime/keys.ts";
import type { Table } from "../runtime/Services.ts";
import type { Conversation } from "./Conversation.ts";
import { expireConversation } from "./expireConversation.ts";

/**
 * Takes back a session that was started for a message which turned out to have its turn elsewhere. For the holder of its
 * lease. A crash in between leaves an ended session without turns, which is sealed like any other.
 *
 * @param claimed the conversation as the claim left it
 */
export async function withdrawSession(table: Table, conversation: string, claimed: Conversation): Promise<void> {
  // The conversation first, so that no live session is ever without its row.
  if (!(await expireConversation(table, conversation, claimed))) return;
  await table.client.send(
    new DeleteCommand({ TableName: table.name, Key: sessionItem(conversation, claimed.session) }),
  );
}
