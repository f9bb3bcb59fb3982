import { sha256 } from "./sha256.ts";

/** Three parts of this length and two names fit the 2,048 bytes of a partition key of DynamoDB. */
const LONGEST = 512;

/**
 * One part of a key that is joined with "/": percent-encoded, so that no id can reach into another part; one that is too
 * long for a key is hashed, behind a "=", which no encoded part has. Different ids are different parts.
 */
export function keyPart(part: string): string {
  const encoded = encodeURIComponent(part.toWellFormed());
  return encoded.length > LONGEST ? `=${sha256(encoded).toString("hex")}` : encoded;
}
