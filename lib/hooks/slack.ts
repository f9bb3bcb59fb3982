/**
 * How long after its next attempt an unfinished hook counts as overdue, milliseconds: its queue message must have been
 * lost by then. It doubles each time the sweep enqueues the hook again, up to six hours, so that a long backlog of the
 * queue is not made longer.
 */
export function slack(enqueues: number): number {
  return Math.min(5 * 60_000 * 2 ** Math.min(enqueues, 10), 6 * 3_600_000);
}
