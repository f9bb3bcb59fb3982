import { GetCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import type { Table } from "../services/Services.ts";
import { chatItem } from "./keys.ts";
import { changesOf, updateItem } from "./updateItem.ts";
import { parseVersioned, VERSION } from "./versions.ts";

/** What is known of a chat as a whole; most have no row. */
const chatRowSchema = v.object({
  /** The id that it had at first: its conversations go on under that one. */
  origin: v.exactOptional(v.string()),
  /** When it was last found to be gone for good, milliseconds since the epoch. Whoever writes later has come back. */
  goneAt: v.exactOptional(v.number()),
});

/** What is known of a chat (a consistent read). `key` as made by `chatKey`. */
export async function readChat(table: Table, key: string): Promise<v.InferOutput<typeof chatRowSchema>> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: chatItem(key), ConsistentRead: true }),
  );
  return Item ? parseVersioned(chatRowSchema, Item) : {};
}

/** Notes that a chat, by its new key, goes on with the conversations that began under the id `origin`. */
export function noteMove(table: Table, key: string, origin: string): Promise<unknown> {
  return setChat(table, key, { origin });
}

/** Notes that a chat is gone for good. `now` in milliseconds since the epoch. */
export function noteGone(table: Table, key: string, now: number): Promise<unknown> {
  return setChat(table, key, { goneAt: now });
}

function setChat(table: Table, key: string, changes: Readonly<Record<string, unknown>>): Promise<unknown> {
  // Repeated, it says the same.
  const ConditionExpression = "attribute_exists(pk) OR attribute_not_exists(pk)";
  return updateItem(table, { Key: chatItem(key), ConditionExpression, ...changesOf({ v: VERSION, ...changes }) });
}
