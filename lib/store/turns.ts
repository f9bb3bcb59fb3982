import { PutCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { parse } from "../adapter/schema/parse.ts";
import type { InboundJob } from "../domain/InboundJob.ts";
import { packWords } from "../domain/storedWords.ts";
import { isTombstone, TURN_PREFIX, type Turn, turnSchema } from "../domain/Turn.ts";
import type { Table } from "../services/Services.ts";
import { firstSeenItem, turnItem } from "./keys.ts";
import { LOOK_BACK } from "./lookBack.ts";
import { pagesOf } from "./pagesOf.ts";
import { changesOf, conditionHeld, isConditionFailed } from "./updateItem.ts";
import { PACKED_VERSION, parseVersioned, VERSION } from "./versions.ts";

/** All turns and commands of a session, oldest first, as they stand now (a consistent read). */
export async function loadTurns(table: Table, session: string): Promise<readonly Turn[]> {
  const turns: Turn[] = [];
  for await (const page of pagesOf(table, `SESSION#${session}`, TURN_PREFIX)) {
    for (const item of page.Items ?? []) if (!isTombstone(item)) turns.push(parseVersioned(turnSchema, item));
  }
  return turns;
}

/** The turn's write was refused by a tombstone: its attempt is over. */
const fencedSchema = v.object({ Item: v.object({ kind: v.object({ S: v.literal("tombstone") }) }) });

/**
 * Stores a turn. For the holder of the turn lease alone: where the turn stands already, the SDK repeats a write whose
 * answer was lost. Answers false when a tombstone keeps the turn out of the session.
 */
export async function putTurn(table: Table, conversation: string, session: string, turn: Turn): Promise<boolean> {
  const row = { ...turnItem(session, turn.sk), conversation, ...turn };
  const packed = packWords(row);
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { v: packed === row ? VERSION : PACKED_VERSION, ...packed },
        ConditionExpression: "attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return true;
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    return !v.is(fencedSchema, error);
  }
}

/** How long a tombstone stands, seconds: no call arrives later than its signature holds, which is minutes. */
const STANDS = 86_400;

/**
 * Makes sure that a turn which is not stored in a session will never be: the write of a function that died may still be
 * on its way, and a turn's write is refused where anything stands. Answers whether it is so now; not when the turn has
 * been stored. TTL deletes the row, as the session that it stands in may have been given up.
 *
 * @param now milliseconds since the epoch
 */
export async function putTombstone(table: Table, session: string, turn: string, now: number): Promise<boolean> {
  return conditionHeld(
    table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...turnItem(session, turn), v: VERSION, kind: "tombstone", expiresAt: Math.ceil(now / 1000) + STANDS },
        ConditionExpression: "attribute_not_exists(pk) OR kind = :tombstone",
        ExpressionAttributeValues: { ":tombstone": "tombstone" },
      }),
    ),
  );
}

const storedSchema = v.object({ Item: v.object({ at: v.object({ N: v.string() }) }) });

/**
 * When the message was written, milliseconds since the epoch. Where the platform does not say, it is when the
 * message first came in, kept for 8 days under the message id, so that a redelivery gets the same turn key.
 */
export async function messageTime(table: Table, conversation: string, job: InboundJob): Promise<number> {
  if (job.message.sentAt !== undefined) return job.message.sentAt;
  const key = firstSeenItem(conversation, job.message.messageId);
  const expiresAt = Math.ceil((job.receivedAt + LOOK_BACK) / 1000);
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...key, at: job.receivedAt, expiresAt },
        ConditionExpression: "attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return job.receivedAt;
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    return Number(parse(storedSchema, error).Item.at.N);
  }
}

/**
 * The update that notes how far a turn's reply is. Its condition: no other attempt is further, or has settled the reply
 * since it was read.
 *
 * @param changes `sent` among them; what is undefined is removed
 */
export function progressOf(
  session: string,
  { sk, undelivered }: Turn,
  changes: Readonly<Record<string, unknown>> & { readonly sent: number },
) {
  const { ExpressionAttributeNames, ExpressionAttributeValues, UpdateExpression } = changesOf(changes);
  const asRead = undelivered
    ? "undelivered.#at = :readAt AND attribute_not_exists(undelivered.arrivedAt)"
    : "attribute_not_exists(undelivered)";
  return {
    Key: turnItem(session, sk),
    UpdateExpression,
    ConditionExpression: `#sent <= :sent AND ${asRead}`,
    ExpressionAttributeNames: { ...ExpressionAttributeNames, ...(undelivered ? { "#at": "at" } : {}) },
    ExpressionAttributeValues: { ...ExpressionAttributeValues, ...(undelivered ? { ":readAt": undelivered.at } : {}) },
  };
}
