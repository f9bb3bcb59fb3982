import { sha256 } from "../runtime/sha256.ts";

/**
 * The same for every attempt to give a session to a provider, and for no other: a hash of tenant, provider and session.
 * Sealed sessions never change, so the session's id stands for its transcript. Hexadecimal, 64 digits.
 */
export function deliveryKey(tenant: string, provider: string, session: string): string {
  return sha256(JSON.stringify([tenant, provider, session])).toString("hex");
}
