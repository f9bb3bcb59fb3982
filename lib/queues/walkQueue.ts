import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  type Message,
  MessageNotInflight,
  type MessageSystemAttributeName,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import { VesperError } from "../domain/VesperError.ts";
import { mapConcurrently } from "../runtime/async.ts";
import type { Queue } from "../services/Services.ts";

/** The most messages of one call. */
const BATCH = 10;

/**
 * Seconds that a receive waits for a message. From one second on it asks all of the queue's servers, so that an empty
 * answer says that nothing is there; without waiting it asks some of them:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
 */
const WAIT = 1;

/** How a queue is looked through. */
export interface Walk {
  /** How long a message is hidden while it is looked at, seconds. */
  readonly hidden: number;
  /** What the queue is to say of each message. */
  readonly attributes?: readonly MessageSystemAttributeName[];
  /** Receives at once; more than one takes messages in no order. @default 1 */
  readonly walkers?: number;
}

/**
 * Looks at each message of a dead-letter queue, and deletes those that `visit` drops. The others are shown again at the
 * end, also when that end is a failure. Of a FIFO group whose messages are kept only the first ten can be seen, as SQS holds
 * those behind back:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 *
 * @param visit is given up to ten messages, in the order of each group
 * @throws DeleteFailed, and what `visit` throws
 */
export async function walkQueue(
  queue: Queue,
  { hidden, attributes = [], walkers = 1 }: Walk,
  visit: (messages: readonly Message[], drop: (message: Message) => void) => Promise<void>,
): Promise<void> {
  const { client, url } = queue;
  const kept = new Map<string, Message>();
  const receive = new ReceiveMessageCommand({
    ...{ QueueUrl: url, MaxNumberOfMessages: BATCH, VisibilityTimeout: hidden, WaitTimeSeconds: WAIT },
    MessageSystemAttributeNames: [...attributes],
  });
  /** Looks at what one receive gives; answers how many were new. A message that is seen again was hidden for its time. */
  const look = async (): Promise<number> => {
    const { Messages = [] } = await client.send(receive);
    const fresh = Messages.filter(({ MessageId = "" }) => !kept.has(MessageId));
    for (const message of Messages) kept.set(message.MessageId ?? "", message);
    const dropped: Message[] = [];
    try {
      if (fresh.length > 0) await visit(fresh, (message) => void dropped.push(message));
    } finally {
      await remove(queue, dropped);
      for (const { MessageId = "" } of dropped) kept.delete(MessageId);
    }
    return fresh.length;
  };
  try {
    const first = await look();
    // A short queue needs no others.
    const others = first === BATCH ? walkers : first > 0 ? 1 : 0;
    await mapConcurrently(Array(others).keys(), walkers, async () => {
      while ((await look()) > 0);
    });
  } finally {
    await mapConcurrently(kept.values(), BATCH, (message) => showAgain(queue, message));
  }
}

async function remove({ client, url }: Queue, messages: readonly Message[]): Promise<void> {
  if (messages.length === 0) return;
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  const { Failed = [] } = await client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
  if (Failed.length > 0) throw new DeleteFailed(url, Failed.length, Failed[0]?.Message ?? Failed[0]?.Code);
}

/** Shows a message again that was hidden while it was looked at. */
export async function showAgain({ client, url }: Queue, { ReceiptHandle }: Message): Promise<void> {
  try {
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout: 0 }));
  } catch (error) {
    // It was looked at for longer than it was hidden, so it is visible already.
    if (!(error instanceof MessageNotInflight)) throw error;
  }
}

class DeleteFailed extends VesperError {
  override readonly name = "DeleteFailed";
  readonly retry = true;
  constructor(url: string, count: number, reason = "no reason") {
    super(`${count} messages of ${url} could not be deleted: ${reason}; they are looked at again next time`);
  }
}
