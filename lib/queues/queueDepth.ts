import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { Queue } from "../services/Services.ts";

/** How many messages a queue holds, as SQS counts them: about right, and a minute late at the most. */
export interface QueueDepth {
  /** Wait to be received, those with a delay included. */
  readonly waiting: number;
  /** Are being worked on. */
  readonly inFlight: number;
}

/** Reads how many messages are on a queue. */
export async function queueDepth({ client, url }: Queue): Promise<QueueDepth> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: [
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesDelayed",
        "ApproximateNumberOfMessagesNotVisible",
      ],
    }),
  );
  const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesDelayed: delayed } = Attributes;
  return {
    waiting: Number(visible ?? 0) + Number(delayed ?? 0),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
  };
}
