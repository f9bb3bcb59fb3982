import { createHash } from "node:crypto";

/** Three parts of this length and two names fit the 2,048 bytes of a partition key of DynamoDB. */
const MAX_PART_LENGTH = 512;

/**
 * One part of a key that is joined with "/": percent-encoded, so that no id can reach into another part; one that is too
 * long for a key is hashed, behind a "=", which no encoded part has. Different ids are different parts.
 */
export function keyPart(part: string): string {
  const encoded = encodeURIComponent(part.toWellFormed());
  return encoded.length > MAX_PART_LENGTH ? `=${sha256(encoded).toString("hex")}` : encoded;
}

/**
 * The same for every attempt to give a session to a provider, and for no other: a hash of tenant, provider and session.
 * Sealed sessions never change, so the session's id stands for its transcript. Hexadecimal, 64 digits.
 */
export function deliveryKey(tenant: string, provider: string, session: string): string {
  return sha256(JSON.stringify([tenant, provider, session])).toString("hex");
}

/** The SHA-256 of a text in UTF-8. */
export function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
