import type { Turn } from "../domain/Turn.ts";

/**
 * Why a reply did not arrive, in words: the kind of its failure, and that it can't be sent any more where its time is over.
 *
 * @param now milliseconds since the epoch
 */
export function whyUndelivered({ kind, replyUntil }: NonNullable<Turn["undelivered"]>, now: number): string {
  return replyUntil !== undefined && now >= replyUntil ? `${kind}: the time to answer is over` : kind;
}
