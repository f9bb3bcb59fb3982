import { DeleteCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { type Conversation, conversationSchema } from "../domain/Conversation.ts";
import type { Table } from "../services/Services.ts";
import { conversationItem } from "./keys.ts";
import { readItem } from "./readItem.ts";
import { conditionHeld, type ItemUpdate, isConditionFailed, unlessNewer, updateItem } from "./updateItem.ts";
import { parseVersioned, VERSION } from "./versions.ts";

/*
 * A conversation's row names its live session and holds the turn lease. docs/design/states.md has the picture.
 *
 *   none, free, expired -> held  writeConversation   a message takes the lease, or starts a session with it
 *   held -> free                 freeLease           an attempt failed cleanly; or its turn is stored, or the lease is over
 *   free -> expired              expireNow           an operator ends the session; its chat is gone; or its deadline passes
 *   expired, held -> none        expireConversation  a visit finds it expired; a start is withdrawn; or DynamoDB's TTL
 *
 * `updateWhileLive` writes another row, on condition that the session is live.
 */

const refusedBySchema = v.object({
  Item: v.object({ lease: v.object({ M: v.object({ id: v.object({ S: v.string() }) }) }) }),
});

/**
 * Writes the conversation if it is still as it was read; answers whether it was. Each attribute that this code knows is
 * set or removed by name, so that those which a later version has added outlive this one's messages.
 *
 * @throws NewerVersion
 */
export async function writeConversation(
  table: Table,
  conversation: string,
  read: Conversation | undefined,
  next: Conversation,
): Promise<boolean> {
  const written: Readonly<Record<string, unknown>> = { v: VERSION, ...next };
  const names = Object.keys({ ...conversationSchema.entries, ...written });
  const present = names.filter((name) => name in written);
  const absent = names.filter((name) => !(name in written));
  const set = present.map((name) => `#${name} = :${name}`).join(", ");
  const remove = absent.length > 0 ? ` REMOVE ${absent.map((name) => `#${name}`).join(", ")}` : "";
  try {
    await updateItem(table, {
      Key: conversationItem(conversation),
      UpdateExpression: `SET ${set}${remove}`,
      ConditionExpression: read ? "#session = :wasSession AND #lease.id = :wasLease" : "attribute_not_exists(pk)",
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(present.map((name) => [`:${name}`, written[name]])),
        ...(read ? { ":wasSession": read.session, ":wasLease": read.lease.id } : {}),
      },
    });
    return true;
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    // The SDK repeats a write whose answer was lost; then it is our own write that stands in the way.
    const there = v.safeParse(refusedBySchema, error);
    return there.success && there.output.Item.lease.M.id.S === next.lease.id;
  }
}

/** The conversation as it stands now (a consistent read); undefined when no session is live. */
export async function readConversation(table: Table, conversation: string): Promise<Conversation | undefined> {
  const item = await readItem(table, conversationItem(conversation));
  return item && parseVersioned(conversationSchema, item);
}

/**
 * Ends an expired session by deleting its conversation item, if the item is still as it was read. The stream record of
 * that leads to sealing. Answers whether it was: losing the race is fine for the sweep, as
 * whoever won extended or ended the session.
 */
export async function expireConversation(table: Table, conversation: string, read: Conversation): Promise<boolean> {
  return conditionHeld(
    table.client.send(
      new DeleteCommand({
        TableName: table.name,
        Key: conversationItem(conversation),
        ConditionExpression: "#session = :session AND lease.id = :lease",
        ExpressionAttributeNames: { "#session": "session" },
        ExpressionAttributeValues: { ":session": read.session, ":lease": read.lease.id },
      }),
    ),
  );
}

/**
 * Makes the live session expire now, if the conversation is still as it was read. Answers whether it was.
 *
 * @param end `at`: seconds since the epoch; `lease`: the new id of its lease
 */
export async function expireNow(
  table: Table,
  conversation: string,
  read: Conversation,
  { at, why, lease }: { readonly at: number; readonly why: "api" | "gone"; readonly lease: string },
): Promise<boolean> {
  return conditionHeld(
    updateItem(table, {
      Key: conversationItem(conversation),
      UpdateExpression: "SET expiresAt = :at, expiresWhy = :why, lease.id = :next",
      ConditionExpression: "#session = :session AND lease.id = :lease",
      ExpressionAttributeNames: { "#session": "session" },
      ExpressionAttributeValues: {
        ...{ ":at": at, ":why": why, ":next": lease },
        ...{ ":session": read.session, ":lease": read.lease.id },
      },
    }),
  );
}

/** Frees the turn lease after a clean failure. Does nothing when somebody else holds it now. @param id the lease's new id */
export async function freeLease(table: Table, conversation: string, claimed: Conversation, id: string): Promise<void> {
  await conditionHeld(
    updateItem(table, {
      Key: conversationItem(conversation),
      UpdateExpression: "SET lease.#until = :zero, lease.id = :id",
      ConditionExpression: "#session = :session AND lease.id = :lease",
      ExpressionAttributeNames: { "#until": "until", "#session": "session" },
      ExpressionAttributeValues: {
        ...{ ":zero": 0, ":id": id },
        ...{ ":session": claimed.session, ":lease": claimed.lease.id },
      },
    }),
  );
}

const canceledSchema = v.object({
  name: v.literal("TransactionCanceledException"),
  CancellationReasons: v.array(v.object({ Code: v.optional(v.string()) })),
});

const REFUSED = "ConditionalCheckFailed";

/**
 * Updates an item under its condition, in one transaction with a look whether the session is live: sealing begins after
 * its end, so that what this changes is never sealed yet. Answers `ended` when it is not live, `refused` when the item's
 * condition does not hold, or it is of a newer version.
 */
export async function updateWhileLive(
  table: Table,
  conversation: string,
  session: string,
  update: ItemUpdate & { readonly UpdateExpression: string },
): Promise<"done" | "refused" | "ended"> {
  const isLive = {
    TableName: table.name,
    Key: conversationItem(conversation),
    ConditionExpression: "#session = :session",
    ExpressionAttributeNames: { "#session": "session" },
    ExpressionAttributeValues: { ":session": session },
  };
  const Update = unlessNewer(table, update);
  try {
    await table.client.send(new TransactWriteCommand({ TransactItems: [{ ConditionCheck: isLive }, { Update }] }));
    return "done";
  } catch (error) {
    const canceled = v.safeParse(canceledSchema, error);
    const [live, item] = canceled.success ? canceled.output.CancellationReasons : [];
    if (live?.Code === REFUSED) return "ended";
    if (item?.Code === REFUSED) return "refused";
    throw error;
  }
}
