import * as v from "valibot";
import type { Table } from "../services/Services.ts";
import { chatItem } from "./keys.ts";
import { readItem } from "./readItem.ts";
import { changesOf, conditionHeld, updateItem } from "./updateItem.ts";
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
  const item = await readItem(table, chatItem(key));
  return item ? parseVersioned(chatRowSchema, item) : {};
}

/** Notes that a chat, by its new key, goes on with the conversations that began under the id `origin`; for good. */
export function noteMove(table: Table, key: string, origin: string): Promise<unknown> {
  return updateItem(table, {
    Key: chatItem(key),
    // Repeated, it says the same.
    ConditionExpression: "attribute_exists(pk) OR attribute_not_exists(pk)",
    ...changesOf({ v: VERSION, origin, expiresAt: undefined }),
  });
}

/** How long that a chat is gone is kept, milliseconds: each of its sessions is visited within a day, when the sweep runs. */
const GONE_STANDS = 30 * 86_400_000;

/**
 * Notes that a chat was gone for good at `at`, milliseconds since the epoch. Older news than the known one changes
 * nothing. Nor does that of a chat which has moved: its row must stay.
 */
export async function noteGone(table: Table, key: string, at: number): Promise<void> {
  await conditionHeld(
    updateItem(table, {
      Key: chatItem(key),
      ConditionExpression: "attribute_not_exists(origin) AND (attribute_not_exists(goneAt) OR goneAt <= :goneAt)",
      ...changesOf({ v: VERSION, goneAt: at, expiresAt: Math.ceil((at + GONE_STANDS) / 1000) }),
    }),
  );
}
