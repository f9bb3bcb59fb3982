import { createHash } from "node:crypto";

/** A number from 0 to below 1 that belongs to a conversation for good; those of many are spread evenly. */
export function placeOf(conversation: string): number {
  return createHash("sha256").update(conversation).digest().readUInt32BE(0) / 2 ** 32;
}
