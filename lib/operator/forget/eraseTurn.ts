import { isTaken } from "../../runtime/isTaken.ts";
import { turnItem } from "../../runtime/keys.ts";
import type { Services } from "../../runtime/Services.ts";
import { updateItem } from "../../runtime/updateItem.ts";
import type { Turn } from "../../transcript/Turn.ts";

/**
 * Empties a turn: words, reply, what is to be sent again of it, and its user's name. The row stays, as its session counts
 * it. The user's id stays, too, as long as something is left to erase elsewhere: it is what the next run finds it by.
 */
export async function eraseTurn(
  { table, clock }: Pick<Services, "table" | "clock">,
  session: string,
  { sk, user }: Turn,
): Promise<boolean> {
  return isTaken(
    updateItem(table, {
      Key: turnItem(session, sk),
      UpdateExpression:
        "SET erasedAt = if_not_exists(erasedAt, :now) REMOVE #text, reply, notice, memories, undelivered, #state" +
        (user === undefined ? "" : ", #user.#name"),
      ConditionExpression: "attribute_exists(pk)",
      ExpressionAttributeNames: {
        ...{ "#text": "text", "#state": "state" },
        ...(user === undefined ? {} : { "#user": "user", "#name": "name" }),
      },
      ExpressionAttributeValues: { ":now": clock.now() },
    }),
  );
}

/** Takes the user's id off an emptied turn. Of a command it stays, as it may be what keeps the memory of that user off. */
export async function eraseUser(
  { table }: Pick<Services, "table">,
  session: string,
  { sk, kind, user }: Turn,
): Promise<void> {
  if (kind === "command" || user === undefined) return;
  await isTaken(
    updateItem(table, {
      Key: turnItem(session, sk),
      UpdateExpression: "REMOVE #user",
      ConditionExpression: "attribute_exists(erasedAt)",
      ExpressionAttributeNames: { "#user": "user" },
    }),
  );
}
