import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { conversationItem } from "../runtime/keys.ts";
import type { Table } from "../runtime/Services.ts";
import { parse } from "../schema/parse.ts";
import { type Conversation, conversationSchema } from "./Conversation.ts";

/** The conversation as it stands now (a consistent read); undefined when no session is live. */
export async function readConversation(table: Table, conversation: string): Promise<Conversation | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: conversationItem(conversation), ConsistentRead: true }),
  );
  return Item && parse(conversationSchema, Item);
}
