import { TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { conversationItem } from "../runtime/keys.ts";
import type { Table } from "../runtime/Services.ts";
import type { ItemUpdate } from "../runtime/updateItem.ts";
import { VERSION } from "../runtime/version.ts";

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
  const change = {
    ...update,
    TableName: table.name,
    ConditionExpression: `(${update.ConditionExpression}) AND (attribute_not_exists(v) OR v <= :known)`,
    ExpressionAttributeValues: { ...update.ExpressionAttributeValues, ":known": VERSION },
  };
  try {
    await table.client.send(
      new TransactWriteCommand({ TransactItems: [{ ConditionCheck: isLive }, { Update: change }] }),
    );
    return "done";
  } catch (error) {
    const canceled = v.safeParse(canceledSchema, error);
    const [live, item] = canceled.success ? canceled.output.CancellationReasons : [];
    if (live?.Code === REFUSED) return "ended";
    if (item?.Code === REFUSED) return "refused";
    throw error;
  }
}
