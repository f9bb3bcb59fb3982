import { PutCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { isConditionFailed } from "../runtime/isConditionFailed.ts";
import { deliveryItem } from "../runtime/keys.ts";
import type { Table } from "../runtime/Services.ts";
import { parse } from "../schema/parse.ts";
import type { InboundJob } from "./InboundJob.ts";
import { LOOK_BACK } from "./lookBack.ts";

const storedSchema = v.object({ Item: v.object({ at: v.object({ N: v.string() }) }) });

/**
 * When the message was written, milliseconds since the epoch. Where the platform does not say, it is when its first
 * delivery came in, kept for 8 days under the delivery's id, so that a redelivery gets the same turn key.
 */
export async function messageTime(table: Table, conversation: string, job: InboundJob): Promise<number> {
  if (job.message.sentAt !== undefined) return job.message.sentAt;
  const key = deliveryItem(conversation, job.message.delivery);
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
