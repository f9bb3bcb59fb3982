import { sha256 } from "../../domain/ids.ts";
import type { PartMessage } from "./splitMessages.ts";

/**
 * What a part's idempotency key is made of, beside the delivery's: its number, and where there are several also its words.
 * Words that were cleaned in another way or erased since an earlier attempt move the cuts: by its number alone a part with
 * words that nobody has yet would pass for one that was acknowledged. Pure.
 */
export function partName(parts: readonly (readonly PartMessage[])[], index: number): string {
  if (parts.length === 1) return `${index}`;
  return `${index}|${sha256(JSON.stringify(parts[index])).toString("hex")}`;
}
