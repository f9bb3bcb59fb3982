import type { Json, Platform } from "../platforms/Platform.ts";
import { DeliveryError } from "../runtime/DeliveryError.ts";
import { isTaken } from "../runtime/isTaken.ts";
import { turnItem } from "../runtime/keys.ts";
import type { Services } from "../runtime/Services.ts";
import { sha256 } from "../runtime/sha256.ts";
import { updateItem } from "../runtime/updateItem.ts";
import type { Attempt } from "../runtime/workQueue.ts";
import type { Turn } from "../transcript/Turn.ts";
import { afterFailure, LONGEST_ASKED, type SendFailure } from "./afterFailure.ts";
import { missingPieces, type Piece } from "./missingPieces.ts";
import { isAsRead, settleReply, type Unsent } from "./settleReply.ts";
import type { TurnOutcome } from "./takeTurn.ts";

/** What a call to a platform may take, and the note of it, milliseconds: a piece that can't be noted is sent twice. */
const TO_SEND = 12_000;

/** A stored turn's notice and reply on their way out. */
export interface OutgoingReply {
  /** The platform's name in the config. */
  readonly name: string;
  readonly platform: Platform;
  readonly replyTo: Json;
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
  const settle = (unsent?: Unsent) => settleReply(services, { ...reply, turn }, pieces, unsent);
  const left = pieces.filter(({ index }) => index >= turn.sent);
  if (left.length > 0 && heldUntil > clock.now()) {
    const isLong = heldUntil > clock.now() + LONGEST_ASKED;
    return isLong ? settle({ kind: "throttled", isFailed: true }) : { outcome: "later", at: heldUntil };
  }
  for (const piece of left) {
    const isFirst = piece === left[0];
    if (!isFirst && clock.now() > attempt.deadline - TO_SEND) return { outcome: "later", at: clock.now() };
    const failure = await sendPiece(reply, piece);
    if (failure) {
      const { kind, error } = failure;
      metrics.put("ReplyFailed", 1, "Count", { Platform: name });
      const then = afterFailure(turn, failure, clock.now());
      if (then.next === "wait") {
        const { next: _, ...counts } = then;
        if (kind === "bug") log.error("reply.later", error, { session, platform: name, kind });
        else log.warn("reply.later", { session, platform: name, kind });
        const isNoted = await note(services, session, { ...turn, ...counts });
        return { outcome: "later", at: isNoted ? then.waitUntil : clock.now() };
      }
      log.error("reply.undeliverable", error, { session, platform: name, kind });
      if (then.next === "end") return settle({ kind, isFailed: false });
      if (then.next === "leave") return settle({ kind, isFailed: true, waitUntil: then.waitUntil });
      turn = { ...turn, refused: [...(turn.refused ?? []), piece.index] };
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

/** Answers why it did not go out; undefined when it did. */
async function sendPiece(
  { platform, replyTo, conversation, session, turn }: OutgoingReply,
  { index, text }: Piece,
): Promise<(SendFailure & { readonly error: unknown }) | undefined> {
  const key = sha256(`${session}|${turn.sk}|${index}`).toString("hex");
  try {
    await platform.send({ text, replyTo, key, session, conversation, inReplyTo: turn.delivery });
    return undefined;
  } catch (error) {
    if (!(error instanceof DeliveryError)) return { kind: "bug", error };
    return { kind: error.kind, retryAfter: error.retryAfter, error };
  }
}

/** Notes how far it is. Not when another attempt is further, or has settled it: answers whether it was noted. */
async function note({ table }: Services, session: string, turn: Turn): Promise<boolean> {
  const { sent, refused, tries, waits, waitUntil } = turn;
  const changes = Object.entries({ sent, refused, tries, waits, waitUntil }).filter(([, value]) => value !== undefined);
  const asRead = isAsRead(turn);
  const set = changes.map(([name]) => `${name} = :${name}`).join(", ");
  return isTaken(
    updateItem(table, {
      Key: turnItem(session, turn.sk),
      UpdateExpression: `SET ${set}`,
      ConditionExpression: `sent <= :sent AND ${asRead.ConditionExpression}`,
      ExpressionAttributeNames: asRead.ExpressionAttributeNames,
      ExpressionAttributeValues: {
        ...Object.fromEntries(changes.map(([name, value]) => [`:${name}`, value])),
        ...asRead.ExpressionAttributeValues,
      },
    }),
  );
}
