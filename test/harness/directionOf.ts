import { createHash } from "node:crypto";

/** A vector of a text: no meaning in it, but of each text another one, and always the same. */
export function directionOf(text: string, dimensions: number): readonly number[] {
  const bytes: number[] = [];
  for (let block = 0; bytes.length < dimensions; block++) {
    bytes.push(...createHash("sha256").update(`${block} ${text}`).digest());
  }
  return bytes.slice(0, dimensions).map((byte) => (byte - 127.5) / 127.5);
}
