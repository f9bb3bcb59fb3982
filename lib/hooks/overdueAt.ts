import type { Hook } from "./Hook.ts";
import { slack } from "./slack.ts";

/**
 * From when on the job of an unfinished hook is taken for lost, milliseconds since the epoch: some time after it should
 * have been worked on, and after the sweep last enqueued it. While a worker has it, it is not.
 */
export function overdueAt({
  nextAttemptAt,
  enqueuedAt = 0,
  enqueues,
  lease,
}: Pick<Hook, "nextAttemptAt" | "enqueuedAt" | "enqueues" | "lease">): number {
  return Math.max(Math.max(nextAttemptAt, enqueuedAt) + slack(enqueues), lease?.until ?? 0);
}
