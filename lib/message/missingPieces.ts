import type { Platform } from "../adapter/Platform.ts";
import { sha256 } from "../domain/ids.ts";
import type { Turn } from "../domain/Turn.ts";

/** A piece of a turn's notice and reply, by its place in both. */
export interface Piece {
  readonly index: number;
  readonly text: string;
  /** Whether it belongs to the notice, which is no part of the transcript. */
  readonly isNotice: boolean;
}

/**
 * What of a turn's notice and reply is to be sent: all pieces, or when that has failed before, those that did not arrive.
 * Pure: the same on every attempt.
 */
export function missingPieces({ render }: Platform, { notice, reply, undelivered }: Turn): readonly Piece[] {
  const told = notice === undefined ? [] : render(notice);
  const rendered = [...told, ...(reply === undefined ? [] : render(reply))];
  const wanted = undelivered?.pieces ?? rendered.map((text, index) => ({ index, text }));
  return wanted.map(({ index, text }) => {
    return { index, text: text ?? rendered[index] ?? "", isNotice: index < told.length };
  });
}

/** The idempotency key of a turn's piece, the same on every attempt. */
export function pieceKey(session: string, turn: string, index: number): string {
  return sha256(`${session}|${turn}|${index}`).toString("hex");
}
