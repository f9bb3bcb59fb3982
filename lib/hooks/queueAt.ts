import type { Queue } from "../runtime/Services.ts";
import { VesperError } from "../runtime/VesperError.ts";
import type { SessionEndQueues } from "./SessionEndQueues.ts";

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
