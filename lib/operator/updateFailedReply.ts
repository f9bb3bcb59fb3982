import { isTaken } from "../runtime/isTaken.ts";
import { keyTail, turnItem } from "../runtime/keys.ts";
import type { Table } from "../runtime/Services.ts";
import { updateItem } from "../runtime/updateItem.ts";
import type { FailedReply } from "../transcript/FailedReply.ts";

/**
 * Notes an operator's word on a failed reply, if it is still the failure that is meant. Answers whether it was.
 *
 * @param UpdateExpression with `:value`, and `#state` for its place in the index
 */
export function updateFailedReply(
  table: Table,
  { pk, sk, undelivered }: FailedReply,
  UpdateExpression: string,
  value: unknown,
): Promise<boolean> {
  return isTaken(
    updateItem(table, {
      Key: turnItem(keyTail(pk), sk),
      UpdateExpression,
      ConditionExpression: "attribute_exists(#state) AND undelivered.#at = :failedAt",
      ExpressionAttributeNames: { "#state": "state", "#at": "at" },
      ExpressionAttributeValues: { ":failedAt": undelivered.at, ":value": value },
    }),
  );
}
