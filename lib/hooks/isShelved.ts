/**
 * The longest wait for which a hook's job stays on the queue, milliseconds. What is hidden there is in flight, of which a
 * queue has 120,000 at most
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html): beyond that no job of
 * its provider is received. The default schedule's waits up to this one are nine minutes in all, so one failing provider
 * has 60,000 jobs there when 116 sessions end a second, those of ten million that end once a day.
 */
const LONGEST_ON_QUEUE = 5 * 60_000;

/** Whether a hook that waits so long, milliseconds, has no job on the queue meanwhile: the sweep enqueues it in time. */
export function isShelved(wait: number): boolean {
  return wait > LONGEST_ON_QUEUE;
}
