import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Chat } from "../domain/InboundMessage.ts";
import type { Json } from "../domain/json.ts";
import type { Person } from "../domain/Message.ts";
import { sessionSchema } from "../domain/Session.ts";
import type { Table } from "../services/Services.ts";
import { loadTurns } from "./turns.ts";
import { parseVersioned } from "./versions.ts";

/** How many sessions are looked into, the newest first: one whose turns are all erased says nothing. */
const MOST_SESSIONS = 10;

/** How a conversation is reached: as its newest message that says so was to be answered. */
export interface Reach {
  /** The platform's name in the config. */
  readonly platform: string;
  readonly chat: Chat;
  /** Whose message that was. */
  readonly user?: Person;
  readonly replyTo: Json;
  readonly replyUntil?: number;
}

/** How a conversation is reached; undefined where nobody has written in it, or what they wrote is deleted. */
export async function readReach(table: Table, conversation: string): Promise<Reach | undefined> {
  const { Items = [] } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
      ExpressionAttributeValues: { ":pk": `CONV#${conversation}`, ":prefix": "SESSION#" },
      ScanIndexForward: false,
      Limit: MOST_SESSIONS,
      ConsistentRead: true,
    }),
  );
  for (const item of Items) {
    const { session, platform, chat } = parseVersioned(sessionSchema, item);
    const turn = (await loadTurns(table, session)).findLast(({ replyTo }) => replyTo !== undefined);
    if (turn?.replyTo === undefined) continue;
    const { user, replyTo, replyUntil } = turn;
    return {
      ...{ platform, chat, replyTo, ...(user ? { user } : {}) },
      ...(replyUntil === undefined ? {} : { replyUntil }),
    };
  }
  return undefined;
}
