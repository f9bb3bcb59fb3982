import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { sameSecret } from "../../lib/adapter/signing/signingSecrets.ts";

/** What the clients of the emulators sign with. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A request's key against the one that is asked for. */
export type KeyVerdict = "right" | "missing" | "wrong";

/** Bytes of each half: nobody guesses 160 bits. */
const KEY_BYTES = 20;

/** A new random key. Its id has letters and digits alone, which is all that DynamoDB Local takes. */
export function newAccessKey(): AccessKey {
  const id = randomBytes(KEY_BYTES).toString("hex").toUpperCase();
  return { accessKeyId: `LOCAL${id}`, secretAccessKey: randomBytes(KEY_BYTES).toString("base64") };
}

/**
 * Whether a request is signed in the name of a key. The id is compared, in constant time; the signature is not checked,
 * as the id is as random and as secret as the key itself, and nothing but this machine's own loopback carries it.
 *
 * @param accessKeyId the key's id; undefined: any will do
 */
export function checkAccessKey(request: IncomingMessage, accessKeyId: string | undefined): KeyVerdict {
  const { authorization } = request.headers;
  const query = new URLSearchParams(request.url?.split("?")[1]);
  if (!authorization && !query.has("X-Amz-Algorithm")) return "missing";
  if (accessKeyId === undefined) return "right";
  const credential = /^AWS4-HMAC-SHA256 .*?Credential=([^/,\s]+)/.exec(authorization ?? "")?.[1];
  const given = credential ?? query.get("X-Amz-Credential")?.split("/")[0] ?? "";
  return sameSecret(given, accessKeyId) ? "right" : "wrong";
}
