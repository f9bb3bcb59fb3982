import { changesOf } from "../runtime/changesOf.ts";
import { turnItem } from "../runtime/keys.ts";
import type { Turn } from "../transcript/Turn.ts";

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
