import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import type { GatewayHarness } from "../harness/GatewayHarness.ts";

/** Puts rows as they are. */
export async function put(harness: GatewayHarness, ...items: readonly Record<string, unknown>[]): Promise<void> {
  const { client, name } = harness.operatorTable;
  for (const Item of items) await client.send(new PutCommand({ TableName: name, Item }));
}

/** A job of a message, on the inbound queue. */
export async function enqueueInbound(harness: GatewayHarness, MessageBody: string): Promise<void> {
  await harness.operatorQueues.send(
    new SendMessageCommand({
      QueueUrl: harness.wiring.queues.inbound,
      MessageBody,
      // The hash of the conversation's key, as version 1 makes it.
      MessageGroupId: "fb8493991204a258070f1774d765dd27923498de53cf85e3bb8035c7ec61291b",
      MessageDeduplicationId: "213df54a393374bd680f48b16d5dae09d4a7bd685ae3698a6e7a2a51a65856b9",
    }),
  );
}

/** A job of a hook, on its queue. */
export async function enqueueHook(harness: GatewayHarness, MessageBody: string): Promise<void> {
  const { sessionEnd } = harness.wiring.queues;
  await harness.operatorQueues.send(
    new SendMessageCommand({ QueueUrl: sessionEnd.crm, MessageBody, MessageGroupId: "crm" }),
  );
}
