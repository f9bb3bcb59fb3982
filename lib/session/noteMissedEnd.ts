import * as v from "valibot";
import { isConditionFailed } from "../runtime/isConditionFailed.ts";
import type { ItemKey } from "../runtime/keys.ts";
import type { Table } from "../runtime/Services.ts";
import { updateItem } from "../runtime/updateItem.ts";

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
export async function noteMissedEnd(table: Table, key: ItemKey, now: number): Promise<number | "lost" | undefined> {
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
