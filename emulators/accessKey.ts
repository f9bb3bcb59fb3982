import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** A request's key against the one that is asked for. */
export type KeyVerdict = "right" | "missing" | "wrong";

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
  return isSame(given, accessKeyId) ? "right" : "wrong";
}

/** Of two hashes, which are of one length, whatever was given. */
function isSame(given: string, wanted: string): boolean {
  const [one, other] = [given, wanted].map((text) => createHash("sha256").update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}
