import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { isTaken } from "../runtime/isTaken.ts";
import { conversationItem } from "../runtime/keys.ts";
import type { Table } from "../runtime/Services.ts";
import type { Conversation } from "./Conversation.ts";

/**
 * Ends an expired session by deleting its conversation item, if the item is still as it was read. The stream record of
 * that leads to sealing. Answers whether it was: losing the race is fine for the sweep, as
 * whoever won extended or ended the session.
 */
export async function expireConversation(table: Table, conversation: string, read: Conversation): Promise<boolean> {
  return isTaken(
    table.client.send(
      new DeleteCommand({
        TableName: table.name,
        Key: conversationItem(conversation),
        ConditionExpression: "#session = :session AND lease.id = :lease",
        ExpressionAttributeNames: { "#session": "session" },
        ExpressionAttributeValues: { ":session": read.session, ":lease": read.lease.id },
      }),
    ),
  );
}
