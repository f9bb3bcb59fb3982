import type { Hook } from "./Hook.ts";
import { slack } from "./slack.ts";

/**
 * From when on the sweep must enqueue an unfinished hook, milliseconds since the epoch. A shelved one: when its next
 * attempt is due. Any other when its job is taken for lost: some time after it should have been worked on, and after the
 * sweep last enqueued it. While a worker has it, it is not.
 */
export function overdueAt({
  nextAttemptAt,
  shelved = false,
  enqueuedAt = 0,
  enqueues,
  lease,
}: Pick<Hook, "nextAttemptAt" | "shelved" | "enqueuedAt" | "enqueues" | "lease">): number {
  const due = shelved ? nextAttemptAt : Math.max(nextAttemptAt, enqueuedAt) + slack(enqueues);
  return Math.max(due, lease?.until ?? 0);
}
