import type { Turn } from "../transcript/Turn.ts";

/**
 * The size from which on a session takes no further turn, bytes or about that: it is read with each message, and must fit
 * the memory of the function that delivers it, of which it takes some eight times as much.
 */
const FULL = 4_000_000;

/** What a turn has beside its words. */
const BESIDE = 500;

/** Whether a session has become as large as one may be. */
export function isFull(turns: readonly Turn[]): boolean {
  let size = 0;
  for (const { text = "", reply = "" } of turns) size += BESIDE + text.length + reply.length;
  return size >= FULL;
}
