import { isTaken } from "../../runtime/isTaken.ts";
import { turnItem } from "../../runtime/keys.ts";
import type { Services } from "../../runtime/Services.ts";
import { updateItem } from "../../runtime/updateItem.ts";
import type { Turn } from "../../transcript/Turn.ts";

/**
 * Empties a turn: words, reply, what is to be sent again of it, and who said it. The row stays, as its session counts it. Of
 * a command the user's id stays, too, as it may be what keeps the memory of that user off.
 */
export async function eraseTurn(
  { table, clock }: Pick<Services, "table" | "clock">,
  session: string,
  { sk, kind, user }: Turn,
): Promise<boolean> {
  const keepsId = kind === "command" && user !== undefined;
  return isTaken(
    updateItem(table, {
      Key: turnItem(session, sk),
      UpdateExpression:
        "SET erasedAt = if_not_exists(erasedAt, :now) REMOVE #text, reply, notice, memories, undelivered, #state, " +
        (keepsId ? "#user.#name" : "#user"),
      ConditionExpression: "attribute_exists(pk)",
      ExpressionAttributeNames: {
        ...{ "#text": "text", "#state": "state", "#user": "user" },
        ...(keepsId ? { "#name": "name" } : {}),
      },
      ExpressionAttributeValues: { ":now": clock.now() },
    }),
  );
}
