import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { isTaken } from "../runtime/isTaken.ts";
import { turnItem } from "../runtime/keys.ts";
import type { Table } from "../runtime/Services.ts";
import { VERSION } from "../runtime/version.ts";

/**
 * Makes sure that a turn which is not stored in a session will never be: the write of a function that died may still be
 * on its way, and a turn's write is refused where anything stands. Answers whether it is so now; not when the turn has
 * been stored.
 */
export async function voidTurn(table: Table, session: string, turn: string): Promise<boolean> {
  return isTaken(
    table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...turnItem(session, turn), v: VERSION, kind: "void" },
        ConditionExpression: "attribute_not_exists(pk) OR kind = :void",
        ExpressionAttributeValues: { ":void": "void" },
      }),
    ),
  );
}
