import { PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Table } from "../services/Services.ts";
import { joinedPictureItem } from "./keys.ts";
import { LOOK_BACK } from "./lookBack.ts";
import { readItem } from "./readItem.ts";
import { checkVersion, VERSION } from "./versions.ts";

/**
 * Notes that a message has joined the turn of its album, for as long as a redelivery is known: it has no turn of its own
 * to be found by. `turn` as made by `turnKey`.
 *
 * @param now milliseconds since the epoch
 */
export async function noteJoined(table: Table, conversation: string, turn: string, now: number): Promise<void> {
  const expiresAt = Math.ceil((now + LOOK_BACK) / 1000);
  const Item = { ...joinedPictureItem(conversation, turn), v: VERSION, expiresAt };
  await table.client.send(new PutCommand({ TableName: table.name, Item }));
}

/** Whether a message has joined the turn of its album, be it of a session that has ended (a consistent read). */
export async function hasJoined(table: Table, conversation: string, turn: string): Promise<boolean> {
  const Key = joinedPictureItem(conversation, turn);
  const item = await readItem(table, Key);
  checkVersion(item);
  return item !== undefined;
}
