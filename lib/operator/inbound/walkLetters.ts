import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  MessageNotInflight,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import type { Queue } from "../../services/Services.ts";

/** The most messages of one receive. */
const BATCH = 10;

/** Seconds that a receive waits: from one on it asks all of the queue's servers, so that no message means that none is there. */
const WAIT = 1;

/** How long a message is hidden while it is looked at, seconds. */
const HIDDEN = 60;

/**
 * Looks at each message of a FIFO dead-letter queue, in the order of each group, and deletes those of which `visit` says
 * so. The others are shown again at the end. Of a group whose messages are kept only the first ten can be seen, as SQS
 * holds those behind back: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 */
export async function walkLetters(
  queue: Queue,
  visit: (message: Message) => Promise<"delete" | "keep">,
): Promise<void> {
  const kept = new Map<string, Message>();
  try {
    for (let isNew = true; isNew; ) {
      const { Messages = [] } = await queue.client.send(
        new ReceiveMessageCommand({
          QueueUrl: queue.url,
          MaxNumberOfMessages: BATCH,
          VisibilityTimeout: HIDDEN,
          WaitTimeSeconds: WAIT,
          MessageSystemAttributeNames: ["ApproximateReceiveCount", "MessageGroupId"],
        }),
      );
      // A message that is seen again was hidden for its time: by then all of them have been seen.
      isNew = Messages.some(({ MessageId = "" }) => !kept.has(MessageId));
      for (const message of Messages) {
        const isSeen = kept.has(message.MessageId ?? "");
        kept.set(message.MessageId ?? "", message);
        if (isSeen || (await visit(message)) === "keep") continue;
        kept.delete(message.MessageId ?? "");
        await queue.client.send(
          new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle: message.ReceiptHandle }),
        );
      }
    }
  } finally {
    for (const message of kept.values()) await showAgain(queue, message);
  }
}

async function showAgain({ client, url }: Queue, { ReceiptHandle }: Message): Promise<void> {
  try {
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout: 0 }));
  } catch (error) {
    // It was looked at for longer than it was hidden, so it is visible already.
    if (!(error instanceof MessageNotInflight)) throw error;
  }
}
