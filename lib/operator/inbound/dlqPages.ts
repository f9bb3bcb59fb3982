import { DeleteMessageCommand, type Message, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { showAgain } from "../../queues/walkQueue.ts";
import type { Queue } from "../../services/Services.ts";

/** The most messages of one receive. */
const BATCH = 10;

/** Seconds that a receive waits: from one on it asks all of the queue's servers, so that no message means that none is there. */
const WAIT = 1;

/** How long a message is hidden while it is looked at, seconds. */
const HIDDEN = 60;

/** Some messages of a dead-letter queue that were not seen before. */
export interface DlqPage {
  readonly messages: readonly Message[];
  /** Deletes one of them. */
  remove(message: Message): Promise<void>;
}

/**
 * Each message of a FIFO dead-letter queue, in the order of each group. Those that are not removed are shown again at the
 * end. Of a group whose messages are kept only the first ten can be seen, as SQS holds those behind back:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 *
 * @param most messages of a page
 */
export async function* dlqPages(queue: Queue, most = BATCH): AsyncGenerator<DlqPage> {
  const kept = new Map<string, Message>();
  const idOf = ({ MessageId = "" }: Message) => MessageId;
  const size = Math.min(most, BATCH);
  const remove = async (message: Message) => {
    const { ReceiptHandle } = message;
    await queue.client.send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle }));
    kept.delete(idOf(message));
  };
  try {
    // One that is seen again was hidden for its time. When as many receives as show all of those bring nothing new, there
    // is nothing new.
    for (let stale = 0; stale <= Math.ceil(kept.size / size); ) {
      const received = await receive(queue, size);
      if (received.length === 0) return;
      const messages = received.filter((message) => !kept.has(idOf(message)));
      for (const message of received) kept.set(idOf(message), message);
      stale = messages.length > 0 ? 0 : stale + 1;
      if (messages.length > 0) yield { messages, remove };
    }
  } finally {
    for (const message of kept.values()) await showAgain(queue, message);
  }
}

async function receive({ client, url }: Queue, MaxNumberOfMessages: number): Promise<readonly Message[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      ...{ QueueUrl: url, MaxNumberOfMessages, VisibilityTimeout: HIDDEN, WaitTimeSeconds: WAIT },
      MessageSystemAttributeNames: ["ApproximateReceiveCount", "MessageGroupId", "SentTimestamp"],
    }),
  );
  return Messages;
}
