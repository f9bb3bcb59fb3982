import type { KeptResult } from "../domain/KeptResult.ts";

/**
 * Bytes that a reply may take together with what tools answered for it: those of the longest reply in any script, which a
 * turn's row has place for beside the longest text. An edit may put that text there later.
 */
const MOST_BYTES = 180_000;

/** What tools answered, as far as it fits into a turn's row: whole answers alone, the first ones first. Pure. */
export function fitResults(results: readonly KeptResult[], reply: string): KeptResult[] {
  let left = MOST_BYTES - Buffer.byteLength(reply);
  return results.filter((result) => {
    const size = Buffer.byteLength(JSON.stringify(result));
    if (size > left) return false;
    left -= size;
    return true;
  });
}
