import { GetCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { type Session, sessionSchema } from "../domain/Session.ts";
import type { Table } from "../services/Services.ts";
import { type ItemKey, sessionItem } from "./keys.ts";
import { conditionHeld, isConditionFailed, updateItem } from "./updateItem.ts";
import { parseVersioned } from "./versions.ts";

/** The session's row as it stands now (a consistent read); undefined when there is none (any more). */
export async function readSession(table: Table, conversation: string, session: string): Promise<Session | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: sessionItem(conversation, session), ConsistentRead: true }),
  );
  return Item && parseVersioned(sessionSchema, Item);
}

/** Says when an open session must be looked at next (`at`: milliseconds since the epoch). A sealed one is left alone. */
export async function scheduleVisit(table: Table, key: ItemKey, at: number): Promise<void> {
  // Not taken when it was sealed meanwhile.
  await conditionHeld(
    updateItem(table, {
      Key: key,
      UpdateExpression: "SET #at = :at",
      ConditionExpression: "#status = :open",
      ExpressionAttributeNames: { "#at": "at", "#status": "status" },
      ExpressionAttributeValues: { ":at": at, ":open": "open" },
    }),
  );
}

/**
 * How long the stream has to report an end after the sweep first missed it, milliseconds. Sealing at once would lose
 * nothing, but only the record knows the true reason.
 */
const STREAM_TIME = 5 * 60_000;

const refusedSchema = v.object({
  Item: v.object({
    status: v.object({ S: v.string() }),
    missedAt: v.exactOptional(v.object({ N: v.string() })),
  }),
});

/**
 * Notes that an open session is not live any more and its end was not reported yet. Answers when to look again
 * (milliseconds since the epoch), `lost` when the stream has had its time, undefined when there is nothing (left) to do.
 */
export async function markEndMissed(table: Table, key: ItemKey, now: number): Promise<number | "lost" | undefined> {
  const again = now + STREAM_TIME;
  try {
    await updateItem(table, {
      Key: key,
      UpdateExpression: "SET missedAt = :now, #at = :again",
      ConditionExpression: "#status = :open AND attribute_not_exists(missedAt)",
      ExpressionAttributeNames: { "#at": "at", "#status": "status" },
      ExpressionAttributeValues: { ":now": now, ":again": again, ":open": "open" },
    });
    return again;
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    const refused = v.safeParse(refusedSchema, error);
    if (!refused.success || refused.output.Item.status.S !== "open") return undefined;
    return now >= Number(refused.output.Item.missedAt?.N) + STREAM_TIME ? "lost" : undefined;
  }
}
