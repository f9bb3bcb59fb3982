import type { Message } from "@aws-sdk/client-sqs";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  MessageNotInflight,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import { mapConcurrently } from "../runtime/mapConcurrently.ts";
import type { Queue, Services } from "../runtime/Services.ts";
import { parse } from "../schema/parse.ts";
import { enqueueHooks } from "./enqueueHooks.ts";
import type { Hook } from "./Hook.ts";
import { hookJobSchema } from "./HookJob.ts";
import { jobOf } from "./jobOf.ts";
import { reviveHook } from "./reviveHook.ts";

/** Empty receives in a row that mean the dead-letter queue has shown all it has. */
const EMPTY_RECEIVES = 2;

/** How long a message is hidden while it is looked at, seconds. */
const HIDDEN = 30;

/** Hooks revived at once: each is two small calls. */
const CONCURRENCY = 10;

/**
 * Sends dead hooks through the queue again: each row is made pending, conditionally, so that two operators or a retry
 * can't double it; then its job is enqueued, and its message on the dead-letter queue is deleted. Answers the hooks that
 * were revived; the others were revived or delivered by somebody else meanwhile.
 */
export async function redriveHooks(
  services: Pick<Services, "table" | "clock">,
  queues: { readonly sessionEnd: Queue; readonly deadLetters: Queue },
  hooks: readonly Hook[],
): Promise<readonly Hook[]> {
  const revived: Hook[] = [];
  await mapConcurrently(hooks, CONCURRENCY, async (hook) => {
    if (hook.deadAt === undefined || !(await reviveHook(services, jobOf(hook), hook.deadAt))) return;
    await enqueueHooks(queues.sessionEnd, [jobOf(hook)]);
    revived.push(hook);
  });
  if (revived.length > 0) await clearDeadLetters(queues.deadLetters, revived);
  return revived;
}

/**
 * Takes the revived hooks' messages off the dead-letter queue, so that its depth says what is still dead. A hook that has
 * died again meanwhile keeps the message of that death.
 */
async function clearDeadLetters(queue: Queue, revived: readonly Hook[]): Promise<void> {
  const deaths = new Map(revived.map(({ session, provider, deadAt = 0 }) => [`${session}|${provider}`, deadAt]));
  const others = new Map<string, Message>();
  for (let empty = 0; empty < EMPTY_RECEIVES; ) {
    const { Messages = [] } = await queue.client.send(
      new ReceiveMessageCommand({ QueueUrl: queue.url, MaxNumberOfMessages: 10, VisibilityTimeout: HIDDEN }),
    );
    // A message that is seen again was hidden for its time: by then all of them have been seen.
    const fresh = Messages.some(({ MessageId = "" }) => !others.has(MessageId));
    empty = fresh ? 0 : empty + 1;
    for (const message of Messages) {
      if (isOver(message, deaths)) {
        await queue.client.send(
          new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle: message.ReceiptHandle }),
        );
      } else others.set(message.MessageId ?? "", message);
    }
  }
  for (const message of others.values()) await showAgain(queue, message);
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

/** Whether it reports a death that was revived, or an earlier one. */
function isOver({ Body = "" }: Message, deaths: ReadonlyMap<string, number>): boolean {
  try {
    const { session, provider, deadAt = 0 } = parse(hookJobSchema, JSON.parse(Body));
    return deadAt <= (deaths.get(`${session}|${provider}`) ?? -1);
  } catch {
    // Not a job of ours: it stays on the queue for whoever put it there.
    return false;
  }
}
