import type { Queue } from "../runtime/Services.ts";
import { VesperError } from "../runtime/VesperError.ts";
import type { SessionEndQueues } from "./SessionEndQueues.ts";

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
