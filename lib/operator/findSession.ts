import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { stateKey } from "../runtime/byState.ts";
import { keyTail } from "../runtime/keys.ts";
import type { Services, Table } from "../runtime/Services.ts";
import { parse } from "../schema/parse.ts";
import { readSession } from "../session/readSession.ts";
import type { Session } from "../session/Session.ts";
import { findInShard } from "./findInShard.ts";

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
