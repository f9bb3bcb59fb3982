import type { Hook } from "../hooks/Hook.ts";
import { redriveHooks } from "../hooks/redriveHooks.ts";
import type { HookQueues } from "../hooks/workHookJob.ts";
import type { ReadServices } from "../runtime/readItems.ts";
import type { RedrivePlan } from "./planRedrive.ts";

/** What came of a redrive. */
export interface RedriveResult {
  /** Pending again and on the queue. */
  readonly revived: readonly Hook[];
  /** Left alone, as somebody else had revived them since the plan was made. */
  readonly notRevived: readonly Hook[];
  /** How many messages that report no present death were taken off the dead-letter queue, whoever left them there. */
  readonly cleared: number;
}

/**
 * Sends the hooks of a plan through the queue again; of two redrives of the same hook one revives it. A plan without hooks
 * clears the dead-letter queue all the same.
 */
export async function redrive(
  services: ReadServices,
  queues: HookQueues,
  { hooks }: Pick<RedrivePlan, "hooks">,
): Promise<RedriveResult> {
  const { revived, cleared } = await redriveHooks(services, queues, hooks);
  const done = new Set(revived);
  return { revived, notRevived: hooks.filter((hook) => !done.has(hook)), cleared };
}
