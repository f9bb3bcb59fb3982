import type { FailureKind } from "../runtime/DeliveryError.ts";

/** The longest wait that a platform may ask for, milliseconds; a longer one is for an operator to decide. */
export const LONGEST_ASKED = 12 * 3_600_000;

/** Failed tries until the reply is left to an operator: with the waits below that is about eight minutes. */
const MOST_TRIES = 10;

/** Waits that a platform may ask for until then. Each is a receipt of the queue message, which has hundreds. */
const MOST_WAITS = 50;

/** The first wait after a failed try, milliseconds; it doubles with each. */
const FIRST_WAIT = 2_000;

/** The longest: whoever chats waits behind it, as a conversation's messages keep their order. */
const LONGEST_WAIT = 120_000;

/** The longest that is noted, milliseconds: an adapter may have taken any number from an answer. */
const LONGEST_NOTED = 30 * 86_400_000;

/** Why a piece did not go out. `bug`: the adapter threw what it should not. */
export interface SendFailure {
  readonly kind: FailureKind | "bug";
  /** What the platform asks to wait, milliseconds. */
  readonly retryAfter?: number | undefined;
}

/** What a turn counts of its reply's failures; see `Turn`. */
export interface SendCounts {
  readonly tries?: number | undefined;
  readonly waits?: number | undefined;
}

/** What to do after a piece failed. */
export type AfterFailure =
  /** It is refused for itself: go on with the next one. */
  | { readonly next: "drop" }
  /** The chat is gone: no piece can arrive any more. */
  | { readonly next: "end" }
  /** Try it again, but not before `waitUntil`, milliseconds since the epoch. */
  | { readonly next: "wait"; readonly tries: number; readonly waits: number; readonly waitUntil: number }
  /** An operator decides when it is sent again. `waitUntil`: the platform has asked not to be called before. */
  | { readonly next: "leave"; readonly waitUntil?: number };

/**
 * Decides what follows a failure. Pure. A wait that the platform asks for uses up no try; one shorter than our own
 * makes no difference, or with 0 the tries would be used up in a second.
 *
 * @param now milliseconds since the epoch
 */
export function afterFailure(
  { tries = 0, waits = 0 }: SendCounts,
  { kind, retryAfter = 0 }: SendFailure,
  now: number,
): AfterFailure {
  if (kind === "invalid") return { next: "drop" };
  if (kind === "gone") return { next: "end" };
  const own = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tries);
  const isAsked = retryAfter > own;
  const waitUntil = now + Math.max(own, Math.min(retryAfter, LONGEST_NOTED));
  if (retryAfter > LONGEST_ASKED || (isAsked && waits + 1 >= MOST_WAITS)) return { next: "leave", waitUntil };
  if (isAsked) return { next: "wait", tries, waits: waits + 1, waitUntil };
  return tries + 1 < MOST_TRIES ? { next: "wait", tries: tries + 1, waits, waitUntil } : { next: "leave" };
}
