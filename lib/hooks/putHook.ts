import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { stateKey } from "../runtime/byState.ts";
import { isTaken } from "../runtime/isTaken.ts";
import { hookItem } from "../runtime/keys.ts";
import type { Table } from "../runtime/Services.ts";
import { VERSION } from "../runtime/version.ts";
import type { Hook } from "./Hook.ts";
import { slack } from "./slack.ts";

/** Writes a new hook's row. Answers false when the session has a hook of that provider already; that one stands. */
export async function putHook(table: Table, hook: Hook): Promise<boolean> {
  const waiting =
    hook.status === "pending"
      ? { state: stateKey("DUE", hook.session), at: hook.nextAttemptAt + slack(hook.enqueues) }
      : {};
  return isTaken(
    table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...hookItem(hook.session, hook.provider), v: VERSION, ...hook, ...waiting },
        ConditionExpression: "attribute_not_exists(pk)",
      }),
    ),
  );
}
