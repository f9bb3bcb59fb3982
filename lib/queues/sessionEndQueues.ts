import { VesperError } from "../domain/VesperError.ts";
import type { Queue } from "../services/Services.ts";

/**
 * The session-end queues by the names of their memory providers: each has one of its own, and a share of its own of the
 * deliveries at once, so that one that hangs holds up no other.
 */
export type SessionEndQueues = ReadonlyMap<string, Queue>;

/**
 * The queue for a provider's jobs: its own. A provider that is not configured any more has none; its jobs go on another's,
 * where the session-end function finds that they are dead, and says why.
 *
 * @throws NoSessionEndQueue when no provider is configured
 */
export function queueOf(queues: SessionEndQueues, provider: string): Queue {
  const queue = queues.get(provider) ?? queues.values().next().value;
  if (!queue) throw new NoSessionEndQueue(provider);
  return queue;
}

/** A job has no queue to go on, so that nobody can deliver it or say that it is dead. */
export class NoSessionEndQueue extends VesperError {
  override readonly name = "NoSessionEndQueue";
  /** Whatever is pending goes on when a provider is configured again. */
  readonly retry = true;
  constructor(provider: string) {
    super(
      `the job for the provider "${provider}" has no queue to go on, as the stack has no memory provider: put it back into the config and deploy`,
    );
  }
}

/**
 * The session-end queue that a record came from.
 *
 * @param arn the record's `eventSourceARN`, such as `arn:aws:sqs:eu-west-1:111122223333:name`
 * @throws UnknownQueue when it is none of them
 */
export function queueAt(queues: SessionEndQueues, arn: string): Queue {
  // An address ends as an ARN does: account, name.
  const tail = arn.split(":").slice(-2).join("/");
  for (const queue of queues.values()) if (queue.url.endsWith(`/${tail}`)) return queue;
  throw new UnknownQueue(arn, queues);
}

class UnknownQueue extends VesperError {
  override readonly name = "UnknownQueue";
  /** After a deployment the function may know it. */
  readonly retry = true;
  constructor(arn: string, queues: SessionEndQueues) {
    super(
      `a job came from ${arn}, which is no session-end queue; those are of ${[...queues.keys()].join(", ") || "no provider"}: take its event source mapping off the function, or deploy`,
    );
  }
}

/** The queues of the session-end function. */
export interface HookQueues {
  readonly sessionEnd: SessionEndQueues;
  readonly dlq: Queue;
}
