import { stateKey } from "../runtime/byState.ts";
import { isTaken } from "../runtime/isTaken.ts";
import { hookItem } from "../runtime/keys.ts";
import type { Services } from "../runtime/Services.ts";
import { updateItem } from "../runtime/updateItem.ts";
import type { Hook } from "./Hook.ts";
import { slack } from "./slack.ts";

/**
 * Makes a delivered hook pending again, because an operator knows that it was delivered to the wrong place. Answers false
 * when it is not that delivery any more. The only way in which a hook leaves `delivered`.
 */
export async function reopenHook(
  { table, clock }: Pick<Services, "table" | "clock">,
  { session, provider, deliveredAt }: Hook,
): Promise<boolean> {
  const now = clock.now();
  return isTaken(
    updateItem(table, {
      Key: hookItem(session, provider),
      UpdateExpression:
        "SET #status = :pending, attempts = :zero, nextAttemptAt = :now, redrives = redrives + :one, enqueues = :zero, " +
        "redrivenAt = list_append(if_not_exists(redrivenAt, :none), :times), #state = :due, #at = :at " +
        "REMOVE deliveredAt, receipt, checkpoint",
      ConditionExpression: "#status = :delivered AND deliveredAt = :seen",
      ExpressionAttributeNames: { "#status": "status", "#state": "state", "#at": "at" },
      ExpressionAttributeValues: {
        ...{
          ":pending": "pending",
          ":delivered": "delivered",
          ":seen": deliveredAt,
          ":zero": 0,
          ":one": 1,
          ":now": now,
        },
        ...{ ":none": [], ":times": [now], ":due": stateKey("DUE", session), ":at": now + slack(0) },
      },
    }),
  );
}
