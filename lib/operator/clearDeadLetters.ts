import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  MessageNotInflight,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { parse } from "../adapter/schema/parse.ts";
import { hookSchema } from "../domain/Hook.ts";
import { hookJobSchema } from "../domain/HookJob.ts";
import { mapConcurrently } from "../runtime/async.ts";
import type { Queue, Table } from "../services/Services.ts";
import { hookItem } from "../store/keys.ts";
import { parseVersioned } from "../store/versions.ts";

/** The most messages of one receive; they are judged at once. */
const BATCH = 10;

/**
 * Seconds that a receive waits for a message. From one second on it asks all of the queue's servers, so that an empty
 * answer says that nothing is there; without waiting it asks some of them:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
 */
const WAIT = 1;

/** How long a message is hidden while it is looked at, seconds. */
const HIDDEN = 30;

/**
 * Takes off the dead-letter queue what reports no present death, so that its depth says what is still dead. Each letter
 * is judged by its hook's row, whoever revived the hook and whenever: what an earlier redrive left behind goes, too.
 * Answers how many were taken off.
 */
export async function clearDeadLetters(table: Table, queue: Queue): Promise<number> {
  const kept = new Map<string, Message>();
  let cleared = 0;
  for (let isNew = true; isNew; ) {
    const { Messages = [] } = await queue.client.send(
      new ReceiveMessageCommand({
        QueueUrl: queue.url,
        MaxNumberOfMessages: BATCH,
        VisibilityTimeout: HIDDEN,
        WaitTimeSeconds: WAIT,
      }),
    );
    // A message that is seen again was hidden for its time: by then all of them have been seen.
    isNew = Messages.some(({ MessageId = "" }) => !kept.has(MessageId));
    await mapConcurrently(Messages, BATCH, async (message) => {
      if (await isOver(table, message)) {
        cleared++;
        await queue.client.send(
          new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle: message.ReceiptHandle }),
        );
      } else kept.set(message.MessageId ?? "", message);
    });
  }
  for (const message of kept.values()) await showAgain(queue, message);
  return cleared;
}

async function showAgain(queue: Queue, { ReceiptHandle }: Message): Promise<void> {
  try {
    await queue.client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: queue.url, ReceiptHandle, VisibilityTimeout: 0 }),
    );
  } catch (error) {
    // The look through a long queue took longer than it was hidden, so it is visible already.
    if (!(error instanceof MessageNotInflight)) throw error;
  }
}

/**
 * Whether a DLQ message reports a death that its hook's row does not have (any more). A death is in the row before its
 * message is on the queue, so a row that is read after the message knows the death.
 */
async function isOver(table: Table, { Body = "" }: Message): Promise<boolean> {
  const job = unlessUnreadable(() => parse(hookJobSchema, JSON.parse(Body)));
  if (!job) return false;
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: hookItem(job.session, job.provider), ConsistentRead: true }),
  );
  if (!Item) return true;
  const hook = unlessUnreadable(() => parseVersioned(hookSchema, Item));
  if (!hook) return false;
  // The queue gave up a message without a death, which may be all that there is of the present death.
  return hook.status !== "dead" || (job.deadAt !== undefined && job.deadAt !== hook.deadAt);
}

/** What is none of ours, or is of a newer version, is left to whoever wrote it. */
function unlessUnreadable<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
