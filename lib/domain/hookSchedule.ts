import type { Hook } from "./Hook.ts";

/**
 * From when on the sweep must enqueue an unfinished hook, milliseconds since the epoch. A deferred one: when its next
 * attempt is due. Any other when its job is taken for lost: some time after it should have been worked on, and after the
 * sweep last enqueued it. While a worker has it, it is not.
 */
export function overdueAt({
  nextAttemptAt,
  isDeferred = false,
  enqueuedAt = 0,
  enqueues,
  lease,
}: Pick<Hook, "nextAttemptAt" | "isDeferred" | "enqueuedAt" | "enqueues" | "lease">): number {
  const due = isDeferred ? nextAttemptAt : Math.max(nextAttemptAt, enqueuedAt) + overdueAfter(enqueues);
  return Math.max(due, lease?.until ?? 0);
}

/** The most that a provider may ask us to wait, milliseconds: a server may say a day by mistake. */
const LONGEST_RETRY_AFTER = 15 * 60_000;

/**
 * When to try a failed hook again, milliseconds since the epoch; undefined when the schedule is used up. A provider's
 * Retry-After only ever makes the wait longer.
 *
 * @param attempts how many have been made
 * @param retryAfter what the provider asks for, milliseconds
 */
export function retryAt(
  schedule: readonly number[],
  attempts: number,
  now: number,
  retryAfter: number | undefined,
): number | undefined {
  const wait = schedule[attempts - 1];
  if (wait === undefined) return undefined;
  return now + Math.max(wait, Math.min(retryAfter ?? 0, LONGEST_RETRY_AFTER));
}

/**
 * The longest wait for which a hook's job stays on the queue, milliseconds. What is hidden there is in flight, of which a
 * queue has 120,000 at most
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html): beyond that no job of
 * its provider is received. The default schedule's waits up to this one are nine minutes in all, so one failing provider
 * has 60,000 jobs there when 116 sessions end a second, those of ten million that end once a day.
 */
const LONGEST_ON_QUEUE = 5 * 60_000;

/** Whether a hook that waits so long, milliseconds, has no job on the queue meanwhile: the sweep enqueues it in time. */
export function mustDefer(wait: number): boolean {
  return wait > LONGEST_ON_QUEUE;
}

/**
 * How long after its next attempt an unfinished hook counts as overdue, milliseconds: its queue message must have been
 * lost by then. It doubles each time the sweep enqueues the hook again, up to six hours, so that a long backlog of the
 * queue is not made longer.
 */
export function overdueAfter(enqueues: number): number {
  return Math.min(5 * 60_000 * 2 ** Math.min(enqueues, 10), 6 * 3_600_000);
}

/** The first wait before a provider is asked what became of a session that it has accepted, milliseconds. */
const FIRST_ASK = 10_000;

/** The longest such wait, milliseconds. */
const LONGEST_ASK = 3_600_000;

/** For how long a provider may work on a session, milliseconds. What takes longer got lost there, or stands still. */
const LONGEST_WORK = 24 * 3_600_000;

/**
 * When to ask a provider next what became of a session that it has accepted and still works on, milliseconds since the epoch:
 * after as long as it has worked so far, so that a day takes 33 questions; undefined when it has worked for too long.
 *
 * @param acceptedAt when it took the session, milliseconds since the epoch
 */
export function askAt(acceptedAt: number, now: number): number | undefined {
  const age = now - acceptedAt;
  if (age >= LONGEST_WORK) return undefined;
  return Math.min(now + Math.min(Math.max(age, FIRST_ASK), LONGEST_ASK), acceptedAt + LONGEST_WORK);
}

/** From this age on an unfinished hook is one to tell an operator of: seven attempts have failed by then. Milliseconds. */
export const LONG_UNFINISHED = 3_600_000;
