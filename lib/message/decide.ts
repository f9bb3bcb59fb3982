import type { Conversation } from "../domain/Conversation.ts";
import type { EndReason } from "../domain/Session.ts";

/** What to do with a message that has no turn yet. */
export type Decision =
  /** Another turn is being made; try again at `until` (milliseconds since the epoch). */
  | { readonly next: "wait"; readonly until: number }
  /** It belongs to the live session. */
  | { readonly next: "continue" }
  /** It starts a session. `ends`: the live one ends by that, and why. */
  | { readonly next: "start"; readonly ends?: { readonly session: string; readonly reason: EndReason } };

/**
 * Decides from the conversation as it was read. Pure.
 *
 * @param turns `leaseIsFree`: whether the turn that holds the lease is stored; `isFull`: whether there is no room for another;
 *   `isEmpty`: whether the session was begun and nothing was said in it
 * @param message `receivedAt` and `now` in milliseconds since the epoch
 */
export function decide(
  conversation: Conversation | undefined,
  { leaseIsFree, isFull, isEmpty }: Readonly<Record<"leaseIsFree" | "isFull" | "isEmpty", boolean>>,
  message: { readonly turn: string; readonly receivedAt: number; readonly resets: boolean },
  now: number,
): Decision {
  if (!conversation) return { next: "start" };
  const { session, lease, expiresAt, endsAt, expiresWhy, startedBy } = conversation;
  if (!leaseIsFree && lease.until > now) return { next: "wait", until: lease.until };
  // An earlier attempt of this very message made the boundary and crashed.
  if (startedBy === message.turn) return { next: "continue" };
  // A busy conversation is always within a turn's time of its last message; its deadline holds all the same.
  const end = Math.min(endsAt ?? Number.POSITIVE_INFINITY, (expiresAt ?? Number.POSITIVE_INFINITY) * 1000);
  if (message.receivedAt >= end) {
    return { next: "start", ends: { session, reason: expiresWhy ?? "idle" } };
  }
  // Who resets twice has a new session already.
  if (message.resets && !isEmpty) return { next: "start", ends: { session, reason: "reset" } };
  if (isFull) return { next: "start", ends: { session, reason: "max-size" } };
  return { next: "continue" };
}
