import { createHmac, timingSafeEqual } from "node:crypto";

// Written on node:crypto and held to the official library in the tests, because that library reads the global clock,
// signs the body decoded to text instead of its bytes, and takes six times as long for a long transcript.

/** A signature may be this much older or newer than our clock, seconds. https://www.standardwebhooks.com */
const TOLERANCE = 5 * 60;

/** The three headers of a signed webhook call. */
export interface SignatureHeaders {
  readonly "webhook-id": string;
  readonly "webhook-timestamp": string;
  readonly "webhook-signature": string;
}

/** Why a call is not to be trusted, in words for the program that sent it. */
export type SignatureProblem = string;

/**
 * Signs a webhook call as Standard Webhooks says, once with each key, so that a receiver can change its secret without
 * a gap.
 *
 * @param keys the raw keys, see `signingKey`
 * @param id the call's `webhook-id`; the same on every attempt
 * @param now milliseconds since the epoch
 */
export function signWebhook(keys: readonly Uint8Array[], id: string, now: number, body: string): SignatureHeaders {
  const timestamp = String(Math.floor(now / 1000));
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": keys.map((key) => `v1,${mac(key, id, timestamp, body).toString("base64")}`).join(" "),
  };
}

/** What tells at once, without a key, that a call is not signed rightly: its headers' forms and its time. */
export function headerProblem(
  headers: Readonly<Record<string, string | undefined>>,
  now: number,
): SignatureProblem | undefined {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures } = headers;
  if (!id || !timestamp || !signatures) {
    return "the headers webhook-id, webhook-timestamp and webhook-signature are required";
  }
  if (!/^\d{1,12}$/.test(timestamp)) return "webhook-timestamp must be seconds since the epoch";
  const age = Math.floor(now / 1000) - Number(timestamp);
  if (age > TOLERANCE) return "webhook-timestamp is more than 5 minutes old: sign each attempt anew";
  if (age < -TOLERANCE) return "webhook-timestamp is more than 5 minutes in the future: check the sender's clock";
  // 32 bytes in base64, with or without the padding.
  if (!/(^| )v1,[A-Za-z0-9+/]{43}=?( |$)/.test(signatures))
    return 'webhook-signature must be "v1," and a SHA-256 HMAC in base64';
  return undefined;
}

/**
 * Checks a call's signature over the exact bytes of its body, in constant time. Undefined when one of its signatures is
 * of one of the keys and its time is within five minutes of `now` (milliseconds since the epoch).
 */
export function signatureProblem(
  keys: readonly Uint8Array[],
  headers: Readonly<Record<string, string | undefined>>,
  now: number,
  body: Uint8Array,
): SignatureProblem | undefined {
  const problem = headerProblem(headers, now);
  if (problem !== undefined) return problem;
  const { "webhook-id": id = "", "webhook-timestamp": timestamp = "", "webhook-signature": signatures = "" } = headers;
  const given = signatures.split(" ").filter((signature) => signature.startsWith("v1,"));
  const matches = keys.some((key) => {
    const expected = mac(key, id, timestamp, body);
    return given.some((signature) => equal(expected, Buffer.from(signature.slice(3), "base64")));
  });
  return matches ? undefined : "no signature of the call matches the secret";
}

/** The raw key of a secret: `whsec_` and base64 of 24 to 64 bytes. Undefined when it is not one. */
export function signingKey(secret: string): Uint8Array | undefined {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1];
  if (encoded === undefined) return undefined;
  const key = Buffer.from(encoded, "base64");
  return key.length >= 24 && key.length <= 64 ? key : undefined;
}

function mac(key: Uint8Array, id: string, timestamp: string, body: string | Uint8Array): Buffer {
  return createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
