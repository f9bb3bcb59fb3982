import { GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { isConditionFailed } from "../runtime/isConditionFailed.ts";
import type { ItemKey } from "../runtime/keys.ts";
import type { CoreServices, Queue } from "../runtime/Services.ts";
import { parse } from "../schema/parse.ts";
import { enqueueHooks } from "./enqueueHooks.ts";
import { hookSchema } from "./Hook.ts";
import { jobOf } from "./jobOf.ts";
import { slack } from "./slack.ts";

/** Enqueues an unfinished hook again whose job is overdue: it was lost, purged, or outlived by an outage. */
export async function visitHook(
  { table, clock, log, metrics }: CoreServices,
  queue: Queue,
  key: ItemKey,
): Promise<void> {
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true }));
  if (!Item) return;
  const hook = parse(hookSchema, Item);
  const now = clock.now();
  const due = Math.max(hook.nextAttemptAt + slack(hook.enqueues), hook.lease?.until ?? 0);
  if (hook.status !== "pending") return;
  if (due <= now) {
    log.warn("hook.overdue", { session: hook.session, provider: hook.provider, enqueues: hook.enqueues });
    metrics.put("OldestUnfinishedHookAge", (now - hook.createdAt) / 1000, "Seconds");
    await enqueueHooks(queue, [jobOf(hook)]);
  }
  const enqueues = hook.enqueues + (due <= now ? 1 : 0);
  try {
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: key,
        UpdateExpression: "SET #at = :at, enqueues = :enqueues",
        ConditionExpression: "#status = :pending AND attempts = :attempts",
        ExpressionAttributeNames: { "#at": "at", "#status": "status" },
        ExpressionAttributeValues: {
          ":at": due <= now ? now + slack(enqueues) : due,
          ":enqueues": enqueues,
          ":pending": "pending",
          ":attempts": hook.attempts,
        },
      }),
    );
  } catch (error) {
    // A worker has taken it up meanwhile and says itself when it is due.
    if (!isConditionFailed(error)) throw error;
  }
}
