import { DeliveryError, type FailureKind } from "../adapter/errors.ts";
import type { Platform } from "../adapter/Platform.ts";
import type { Json } from "../domain/json.ts";
import { isOwnAccord, type Turn } from "../domain/Turn.ts";
import type { Attempt } from "../queues/workQueue.ts";
import type { Services } from "../services/Services.ts";
import { progressOf } from "../store/turns.ts";
import { conditionHeld, updateItem } from "../store/updateItem.ts";
import { endGone, noteChatGone } from "./chatNews.ts";
import { dismiss } from "./dismiss.ts";
import { missingPieces, type Piece, pieceKey } from "./missingPieces.ts";
import { settleReply, type Unsent } from "./settleReply.ts";
import type { TurnOutcome } from "./takeTurn.ts";

/** What a call to a platform may take, and the note of it, milliseconds: a piece that can't be noted is sent twice. */
const TO_SEND = 12_000;

/** A stored turn's notice and reply on their way out. */
export interface OutgoingReply {
  /** The platform's name in the config. */
  readonly name: string;
  readonly platform: Platform;
  readonly replyTo: Json;
  /** When it can be answered by that no more, milliseconds since the epoch. */
  readonly replyUntil: number | undefined;
  /** The conversation's key. */
  readonly conversation: string;
  readonly session: string;
  /** As it stands in the table. */
  readonly turn: Turn;
}

/**
 * Sends a reply's missing pieces, in order. Each but the last is noted when it is out; the end of the queue message is
 * the note of the last. So a crash between the platform's acknowledgement and our note is the one way to send a piece
 * twice, and the platform's idempotency key closes it where there is one.
 *
 * @param heldUntil before it no call is made, milliseconds since the epoch
 */
export async function sendPieces(
  services: Services,
  attempt: Attempt,
  reply: OutgoingReply,
  heldUntil: number,
): Promise<TurnOutcome> {
  const { clock, metrics, log } = services;
  const { name, session } = reply;
  let { turn } = reply;
  const pieces = missingPieces(reply.platform, turn);
  if (pieces.length === 0 && !turn.heard && !turn.undelivered) await dismiss(services, name, reply.replyTo);
  const settle = (unsent?: Unsent) => settleReply(services, { ...reply, turn }, pieces, unsent);
  const left = pieces.filter(({ index }) => index >= turn.sent);
  if (left.length > 0 && heldUntil > clock.now() && !isOver(reply, clock.now())) {
    const isLong = heldUntil > clock.now() + LONGEST_ASKED;
    return isLong ? settle({ kind: "throttled", isFailed: true }) : { outcome: "later", at: heldUntil };
  }
  for (const piece of left) {
    const isFirst = piece === left[0];
    if (!isFirst && clock.now() > attempt.deadline - TO_SEND) return { outcome: "later", at: clock.now() };
    const sent = isOver(reply, clock.now()) ? TIME_IS_OVER : await sendPiece(reply, piece, piece === left.at(-1));
    if ("kind" in sent) {
      const failure = sent;
      const { kind, error } = failure;
      metrics.put("ReplyFailed", 1, "Count", { Platform: name });
      const then = afterSendFailure(turn, failure, clock.now());
      if (then.next === "wait") {
        const { next: _, ...counts } = then;
        if (kind === "bug") log.error("reply.later", error, { session, platform: name, kind });
        else log.warn("reply.later", { session, platform: name, kind });
        try {
          if (!(await note(services, session, { ...turn, ...counts }))) return { outcome: "later", at: clock.now() };
        } catch (unnoted) {
          // The wait is kept all the same: the queue hides the message.
          log.error("reply.unnoted", unnoted, { session, platform: name });
        }
        return { outcome: "later", at: then.waitUntil };
      }
      log.error("reply.undeliverable", error, { session, platform: name, kind });
      if (then.next === "end") {
        const isGone = error instanceof DeliveryError && error.chatIsGone;
        if (isGone) await noteChatGone(services, reply.conversation);
        const outcome = await settle({ kind, isFailed: false });
        // Behind what is written of the reply: a sealed transcript never changes.
        if (isGone) await endGone(services, reply.conversation);
        return outcome;
      }
      if (then.next === "leave") return settle({ kind, isFailed: true, waitUntil: then.waitUntil });
      turn = { ...turn, refused: [...(turn.refused ?? []), piece.index] };
    }
    if ("id" in sent && sent.id !== undefined) {
      turn = { ...turn, sentIds: { ...turn.sentIds, [piece.index]: sent.id } };
    }
    turn = { ...turn, sent: piece.index + 1 };
    const isNoted = piece === left.at(-1) || (await note(services, session, turn));
    if (!isNoted) return { outcome: "later", at: clock.now() };
  }
  if (left.some(({ index }) => !turn.refused?.includes(index))) {
    metrics.put("ReplySent", 1, "Count", { Platform: name });
  }
  return settle();
}

/** Whether a platform takes no answer any more to the message that is answered. */
function isOver({ replyUntil = Number.POSITIVE_INFINITY }: OutgoingReply, now: number): boolean {
  return now >= replyUntil;
}

const TIME_IS_OVER: SendFailure & { readonly error: unknown } = {
  kind: "gone",
  error: new DeliveryError("gone", "the time to answer is over", { outcome: "not-sent" }),
};

/** Answers the platform's id of it, or why it did not go out. */
async function sendPiece(
  { platform, replyTo, conversation, session, turn }: OutgoingReply,
  { index, text }: Piece,
  isLast: boolean,
): Promise<{ readonly id: string | undefined } | (SendFailure & { readonly error: unknown })> {
  const key = pieceKey(session, turn.sk, index);
  try {
    const answered = isOwnAccord(turn) ? {} : { inReplyTo: turn.messageId };
    const draft = index === 0 && turn.draft !== undefined ? { draft: turn.draft } : {};
    return {
      id: await platform.send({ text, index, isLast, replyTo, key, session, conversation, ...answered, ...draft }),
    };
  } catch (error) {
    if (!(error instanceof DeliveryError)) return { kind: "bug", error };
    return { kind: error.kind, retryAfter: error.retryAfter, error };
  }
}

/** Notes how far it is; answers whether it was noted. */
async function note({ table }: Services, session: string, turn: Turn): Promise<boolean> {
  const { sent, sentIds, refused, tries, waits, waitUntil } = turn;
  const progress = { sent, sentIds, refused, tries, waits, waitUntil };
  return conditionHeld(updateItem(table, progressOf(session, turn, progress)));
}

/** The longest wait that a platform may ask for, milliseconds; a longer one is for an operator to decide. */
const LONGEST_ASKED = 12 * 3_600_000;

/** Failed tries until the reply is left to an operator: with the waits below that is about eight minutes. */
const MOST_TRIES = 10;

/** Waits that a platform may ask for until then. Each takes up to two receives of the queue message, which has a hundred. */
const MOST_WAITS = 20;

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
export type AfterSendFailure =
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
function afterSendFailure(
  { tries = 0, waits = 0 }: SendCounts,
  { kind, retryAfter = 0 }: SendFailure,
  now: number,
): AfterSendFailure {
  if (kind === "invalid") return { next: "drop" };
  if (kind === "gone") return { next: "end" };
  const own = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tries);
  const isAsked = retryAfter > own;
  const waitUntil = now + Math.max(own, Math.min(retryAfter, LONGEST_NOTED));
  if (retryAfter > LONGEST_ASKED || (isAsked && waits + 1 >= MOST_WAITS)) return { next: "leave", waitUntil };
  if (isAsked) return { next: "wait", tries, waits: waits + 1, waitUntil };
  return tries + 1 < MOST_TRIES ? { next: "wait", tries: tries + 1, waits, waitUntil } : { next: "leave" };
}
