import type { KeptResult } from "../adapter/Agent.ts";

/** Bytes of a turn's row that its words may take, and what tools answered: a row holds 400 KB, and has more than these. */
const MOST_BYTES = 390_000;

/**
 * What tools answered, as far as it fits into a turn's row beside its words: whole answers alone, the first ones first. Pure.
 *
 * @param words of the message and of the reply
 */
export function fitResults(results: readonly KeptResult[], ...words: readonly string[]): KeptResult[] {
  let left = words.reduce((room, text) => room - Buffer.byteLength(text), MOST_BYTES);
  return results.filter((result) => {
    const size = Buffer.byteLength(JSON.stringify(result));
    if (size > left) return false;
    left -= size;
    return true;
  });
}
