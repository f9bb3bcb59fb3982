import { GetQueueAttributesCommand, StartMessageMoveTaskCommand } from "@aws-sdk/client-sqs";
import type { GatewayHarness } from "./GatewayHarness.ts";

/** An operator moves a dead-letter queue's messages back, with the queue's own tool; by the queues' URLs. */
export async function moveBack({ operatorQueues }: GatewayHarness, from: string, to: string): Promise<void> {
  const arnOf = async (url: string) => {
    const { Attributes } = await operatorQueues.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }),
    );
    return Attributes?.QueueArn ?? "";
  };
  const [SourceArn, DestinationArn] = [await arnOf(from), await arnOf(to)];
  await operatorQueues.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn }));
}
