import { timingSafeEqual } from "node:crypto";
import { sha256 } from "../runtime/sha256.ts";

/** Whether two texts are equal, in a time that tells nothing of either, their lengths included. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}
