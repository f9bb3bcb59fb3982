import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { isTaken } from "../runtime/isTaken.ts";
import { turnItem } from "../runtime/keys.ts";
import type { Table } from "../runtime/Services.ts";
import { VERSION } from "../runtime/version.ts";

/** How long the row stands, seconds: no call arrives later than its signature holds, which is minutes. */
const STANDS = 86_400;

/**
 * Makes sure that a turn which is not stored in a session will never be: the write of a function that died may still be
 * on its way, and a turn's write is refused where anything stands. Answers whether it is so now; not when the turn has
 * been stored. TTL deletes the row, as the session that it stands in may have been given up.
 *
 * @param now milliseconds since the epoch
 */
export async function voidTurn(table: Table, session: string, turn: string, now: number): Promise<boolean> {
  return isTaken(
    table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...turnItem(session, turn), v: VERSION, kind: "void", expiresAt: Math.ceil(now / 1000) + STANDS },
        ConditionExpression: "attribute_not_exists(pk) OR kind = :void",
        ExpressionAttributeValues: { ":void": "void" },
      }),
    ),
  );
}
