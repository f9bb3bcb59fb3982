import { sha256 } from "../runtime/sha256.ts";

/** A number from 0 to below 1 that belongs to a conversation for good; those of many are spread evenly. */
export function placeOf(conversation: string): number {
  return sha256(conversation).readUInt32BE(0) / 2 ** 32;
}
