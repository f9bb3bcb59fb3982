import { DeleteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { type EndReason, type Session, sessionSchema } from "../domain/Session.ts";
import type { Table } from "../services/Services.ts";
import { stateKey } from "./dueIndex.ts";
import { type ItemKey, sessionItem } from "./keys.ts";
import { readItem } from "./readItem.ts";
import { conditionHeld, isConditionFailed, updateItem } from "./updateItem.ts";
import { parseVersioned, VERSION } from "./versions.ts";

/** The session's row as it stands now (a consistent read); undefined when there is none (any more). */
export async function readSession(table: Table, conversation: string, session: string): Promise<Session | undefined> {
  const item = await readItem(table, sessionItem(conversation, session));
  return item && parseVersioned(sessionSchema, item);
}

/**
 * Writes the row of a session that begins. Its id is new: where it stands already the SDK repeats a write whose answer was
 * lost, maybe long after.
 *
 * @param visitAt when the sweep must look at it, milliseconds since the epoch
 */
export async function putSession(table: Table, session: Session, visitAt: number): Promise<void> {
  const waiting = { state: stateKey("DUE", session.session), at: visitAt };
  await conditionHeld(
    table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...sessionItem(session.conversation, session.session), v: VERSION, ...session, ...waiting },
        ConditionExpression: "attribute_not_exists(pk)",
      }),
    ),
  );
}

/** Deletes the row of a session that never had a turn. */
export async function deleteSession(table: Table, conversation: string, session: string): Promise<void> {
  await table.client.send(new DeleteCommand({ TableName: table.name, Key: sessionItem(conversation, session) }));
}

/** From now on a person takes part in a session that a schedule began, so that it is one to remember. */
export async function joinScheduledSession(table: Table, conversation: string, session: string): Promise<void> {
  await updateItem(table, {
    Key: sessionItem(conversation, session),
    UpdateExpression: "SET origin = :chat",
    ConditionExpression: "attribute_exists(pk)",
    ExpressionAttributeValues: { ":chat": "chat" },
  });
}

/** Marks an open session as ended. Answers false when another trigger did so first; what that wrote stands. */
export async function markEnded(
  table: Table,
  { conversation, session }: Session,
  { reason, turns, endedAt }: { readonly reason: EndReason; readonly turns: number; readonly endedAt: number },
): Promise<boolean> {
  return conditionHeld(
    updateItem(table, {
      Key: sessionItem(conversation, session),
      UpdateExpression:
        "SET #status = :ended, reason = :reason, endedAt = :at, turns = :turns, #state = :state, #at = :at",
      ConditionExpression: "#status = :open",
      ExpressionAttributeNames: { "#status": "status", "#state": "state", "#at": "at" },
      ExpressionAttributeValues: {
        ...{ ":ended": "ended", ":open": "open", ":reason": reason, ":at": endedAt, ":turns": turns },
        ":state": stateKey("ENDED", session),
      },
    }),
  );
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
