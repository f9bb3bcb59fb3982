import { DeleteMessageCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import type { GatewayHarness } from "../harness/GatewayHarness.ts";

/** What the next message of the session-end queue's dead-letter queue says, which is taken off it; null when there is none. */
export async function takeDeadLetter(harness: GatewayHarness): Promise<unknown> {
  const { sessionEndDead } = harness.wiring.queues;
  const { Messages: [dlqMessage] = [] } = await harness.operatorQueues.send(
    new ReceiveMessageCommand({ QueueUrl: sessionEndDead }),
  );
  await harness.operatorQueues.send(
    new DeleteMessageCommand({ QueueUrl: sessionEndDead, ReceiptHandle: dlqMessage?.ReceiptHandle }),
  );
  return JSON.parse(dlqMessage?.Body ?? "null");
}
