import type { InvariantMonitor, StoredTurn } from "./InvariantMonitor.ts";
import type { Message } from "./Message.ts";

/** How far a function's clock may be off, milliseconds. */
const SKEW = 1_000;

/**
 * The turns of a session, in the order in which they are delivered, stand as they were written: by the time that the
 * platform says, else by that of their acceptance, which is only known roughly; by their ids within a millisecond.
 */
export function checkOrder(
  session: string,
  stored: readonly StoredTurn[],
  messages: ReadonlyMap<string, Message>,
  monitor: InvariantMonitor,
): void {
  const written = stored.flatMap((turn) => {
    const message = messages.get(String(turn.item.messageId));
    return message ? [{ message, ...timeOf(message, turn.at) }] : [];
  });
  written.forEach((one, index) => {
    for (const other of written.slice(index + 1)) {
      const tied = one.first === one.last && other.first === one.first && other.last === one.first;
      const swapped = one.first > other.last || (tied && one.message.messageId > other.message.messageId);
      if (!swapped) continue;
      const problem = `${session}: ${one.message.messageId} before ${other.message.messageId}`;
      monitor.violate("a transcript is in the order of writing", problem);
    }
  });
}

/** The first and the last moment that can be its time. */
function timeOf(
  { timed, at, calledAt = 0 }: Message,
  stored: number,
): { readonly first: number; readonly last: number } {
  return timed ? { first: at, last: at } : { first: calledAt - SKEW, last: stored + SKEW };
}
