import { stateKey } from "../runtime/byState.ts";
import { hookItem } from "../runtime/keys.ts";
import type { ItemUpdate } from "../runtime/updateItem.ts";
import type { HookJob } from "./HookJob.ts";
import { slack } from "./slack.ts";

/** The update that makes a dead hook pending again, if it is still that death. @param now milliseconds since the epoch */
export function revival(
  job: Pick<HookJob, "session" | "provider">,
  deadAt: number,
  now: number,
): ItemUpdate & { readonly UpdateExpression: string } {
  return {
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
  };
}
