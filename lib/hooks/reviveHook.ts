import { stateKey } from "../runtime/byState.ts";
import { isTaken } from "../runtime/isTaken.ts";
import { hookItem } from "../runtime/keys.ts";
import type { Services } from "../runtime/Services.ts";
import { updateItem } from "../runtime/updateItem.ts";
import type { HookJob } from "./HookJob.ts";
import { slack } from "./slack.ts";

/** Makes a dead hook pending again, if it is still the death that is meant. Answers whether it was. */
export async function reviveHook(
  { table, clock }: Pick<Services, "table" | "clock">,
  job: HookJob,
  deadAt: number,
): Promise<boolean> {
  const now = clock.now();
  return isTaken(
    updateItem(table, {
      Key: hookItem(job.session, job.provider),
      UpdateExpression:
        "SET #status = :pending, attempts = :zero, nextAttemptAt = :now, redrives = redrives + :one, " +
        "enqueues = :zero, redrivenAt = list_append(if_not_exists(redrivenAt, :none), :times), #state = :due, #at = :at " +
        "REMOVE deadAt, lease, shelved",
      ConditionExpression: "#status = :dead AND deadAt = :deadAt",
      ExpressionAttributeNames: { "#status": "status", "#state": "state", "#at": "at" },
      ExpressionAttributeValues: {
        ":pending": "pending",
        ":dead": "dead",
        ":deadAt": deadAt,
        ":zero": 0,
        ":one": 1,
        ":none": [],
        ":times": [now],
        ":now": now,
        ":due": stateKey("DUE", job.session),
        ":at": now + slack(0),
      },
    }),
  );
}
