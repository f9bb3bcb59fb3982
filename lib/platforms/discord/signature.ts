import { createPublicKey, type KeyObject, verify } from "node:crypto";

/** A call may be this much older or newer than our clock, seconds: a copy of it is of no use later. */
const TOLERANCE = 5 * 60;

/** What stands before the 32 bytes of an Ed25519 key in its DER form. https://www.rfc-editor.org/rfc/rfc8410#section-4 */
const DER_PREFIX = "302a300506032b6570032100";

/** The headers of a signed call, once their forms are right. */
export interface SignedHeaders {
  readonly timestamp: string;
  readonly signature: Uint8Array;
}

/** The application's public key, from its hexadecimal form. */
export function publicKeyOf(hex: string): KeyObject {
  return createPublicKey({ key: Buffer.from(DER_PREFIX + hex, "hex"), format: "der", type: "spki" });
}

/**
 * What Discord signs with, or in words what is wrong with the headers: their forms and the time tell at once.
 *
 * @param now milliseconds since the epoch
 */
export function signedHeaders(headers: Readonly<Record<string, string>>, now: number): SignedHeaders | string {
  const { "x-signature-ed25519": signature = "", "x-signature-timestamp": timestamp = "" } = headers;
  if (!/^[0-9a-fA-F]{128}$/.test(signature)) return "X-Signature-Ed25519 must be 128 hexadecimal digits";
  if (!/^\d{1,12}$/.test(timestamp)) return "X-Signature-Timestamp must be seconds since the epoch";
  const age = Math.floor(now / 1000) - Number(timestamp);
  if (Math.abs(age) > TOLERANCE) return "X-Signature-Timestamp is more than 5 minutes away from our clock";
  return { timestamp, signature: Buffer.from(signature, "hex") };
}

/**
 * Whether the signature is over the timestamp and the exact bytes of the body.
 * https://discord.com/developers/docs/interactions/overview#setting-up-an-endpoint-validating-security-request-headers
 */
export function isSigned(key: KeyObject, { timestamp, signature }: SignedHeaders, body: Uint8Array): boolean {
  return verify(null, Buffer.concat([Buffer.from(timestamp), body]), key, signature);
}
