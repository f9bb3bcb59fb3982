import type { Turn } from "../domain/Turn.ts";
import type { Services } from "../services/Services.ts";
import { updateWhileLive } from "../store/conversations.ts";
import { stateKey } from "../store/dueIndex.ts";
import { progressOf } from "../store/turns.ts";
import { conditionHeld, updateItem } from "../store/updateItem.ts";
import type { Piece } from "./missingPieces.ts";
import type { OutgoingReply } from "./sendPieces.ts";
import type { TurnOutcome } from "./takeTurn.ts";

/** Why sending has ended before the last piece. */
export interface Unsent {
  readonly kind: string;
  /** Whether it can be sent again: it is left to an operator then. */
  readonly isFailed: boolean;
  /** The platform has asked not to be called before, milliseconds since the epoch. */
  readonly waitUntil?: number | undefined;
}

/**
 * Writes down what arrived of a reply that is not tried any more: what nobody received was not said. A live session's
 * turn keeps as its reply what arrived; that of a session which has ended stays as it was sealed, and only notes what is
 * missing. Nothing is written where all of it arrived at the first go.
 *
 * @param reply with its turn as this attempt leaves it
 * @param pieces those that were missing when this attempt began
 */
export async function settleReply(
  services: Services,
  reply: OutgoingReply,
  pieces: readonly Piece[],
  unsent: Unsent | undefined,
): Promise<TurnOutcome> {
  const { table, clock, metrics } = services;
  const { turn, session, conversation, name } = reply;
  const { sent, refused, undelivered } = turn;
  const isMissing = ({ index }: Piece) => index >= sent || refused?.includes(index);
  const missing = pieces.filter(isMissing);
  if (missing.length === 0 && undelivered === undefined) return { outcome: "done" };
  const { kind, isFailed, waitUntil }: Unsent = unsent ?? { kind: "invalid", isFailed: false };
  const at = clock.now();
  const state = isFailed ? stateKey("UNSENT", session) : undefined;
  const update = (changes: Readonly<Record<string, unknown>>) =>
    progressOf(session, turn, { sent, refused, tries: undefined, waits: undefined, waitUntil, state, ...changes });
  const { replyTo, replyUntil } = reply;
  const failure = {
    ...{ kind, at, ...(isFailed ? { platform: name, replyTo } : {}) },
    ...(replyUntil === undefined ? {} : { replyUntil }),
  };
  const whileLive = update({
    reply: saidOf(turn, pieces, missing),
    undelivered:
      missing.length === 0 ? undefined : { ...failure, pieces: missing.map(({ index, text }) => ({ index, text })) },
  });
  // Where the reply was left whole, as of a session that had ended or a delivery that failed later, it stays so.
  const isWhole = undelivered?.pieces.every(({ text }) => text === undefined);
  const live = isWhole ? "ended" : await updateWhileLive(table, conversation, session, whileLive);
  const left = { ...failure, pieces: missing.map(({ index }) => textOf(undelivered, index)) };
  const afterwards = missing.length === 0 ? { ...undelivered, arrivedAt: at } : left;
  const isDone =
    live === "ended" ? await conditionHeld(updateItem(table, update({ undelivered: afterwards }))) : live === "done";
  // Another attempt is further, or this one's answer was lost: what stands there now says what is left to do.
  if (!isDone) return { outcome: "later", at: clock.now() };
  if (isFailed) metrics.put("ReplyUnsent", 1, "Count", { Platform: name });
  return { outcome: "done" };
}

/** The reply as it arrived. Whole where only the notice is missing; else the pieces, as they were shown. */
function saidOf({ reply, undelivered }: Turn, pieces: readonly Piece[], missing: readonly Piece[]): string | undefined {
  if (undelivered === undefined && missing.every(({ isNotice }) => isNotice)) return reply;
  const before = undelivered === undefined || reply === undefined ? [] : [reply];
  const arrived = pieces.filter((piece) => !piece.isNotice && !missing.includes(piece)).map(({ text }) => text);
  return before.length + arrived.length === 0 ? undefined : [...before, ...arrived].join("\n");
}

/** A missing piece as it was noted before; without its text where the turn's reply is still whole. */
function textOf(undelivered: Turn["undelivered"], index: number): { readonly index: number } {
  return undelivered?.pieces.find((piece) => piece.index === index) ?? { index };
}
