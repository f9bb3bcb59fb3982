import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { sessionItem } from "../runtime/keys.ts";
import type { Table } from "../runtime/Services.ts";
import { parse } from "../schema/parse.ts";
import { type Session, sessionSchema } from "./Session.ts";

/** The session's row as it stands now (a consistent read); undefined when there is none (any more). */
export async function readSession(table: Table, conversation: string, session: string): Promise<Session | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: sessionItem(conversation, session), ConsistentRead: true }),
  );
  return Item && parse(sessionSchema, Item);
}
