import type { ReadServices } from "../runtime/readItems.ts";
import { clearDeadLetters } from "./clearDeadLetters.ts";
import type { Hook } from "./Hook.ts";
import { reviveHooks } from "./reviveHooks.ts";
import type { HookQueues } from "./workHookJob.ts";

/** What came of it. */
export interface RedrivenHooks {
  /** Pending again and on the queue; the others were revived or delivered by somebody else meanwhile. */
  readonly revived: readonly Hook[];
  /** How many messages were taken off the dead-letter queue, those that earlier redrives left there included. */
  readonly cleared: number;
}

/**
 * Sends dead hooks through the queue again: each row is made pending, conditionally, so that two operators or a retry
 * can't double it; then its job is enqueued. Then the dead-letter queue is cleared of what reports no present death, also
 * when there was no hook to revive.
 *
 * @throws NoSessionEndQueue when the stack has no memory provider; then no hook is revived
 */
export async function redriveHooks(
  services: ReadServices,
  queues: HookQueues,
  hooks: readonly Hook[],
): Promise<RedrivenHooks> {
  const revived = await reviveHooks(services, queues.sessionEnd, hooks);
  return { revived, cleared: await clearDeadLetters(services, queues.deadLetters) };
}
