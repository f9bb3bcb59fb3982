import type { Turn } from "../transcript/Turn.ts";

/**
 * Until when a session's platform wants no call, milliseconds since the epoch: the end of the longest wait that it asked
 * for on one of these turns; 0 when it asked for none.
 */
export function heldUntil(turns: readonly Turn[]): number {
  return Math.max(0, ...turns.map(({ waitUntil = 0 }) => waitUntil));
}
