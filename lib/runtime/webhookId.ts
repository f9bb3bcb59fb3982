import { sha256 } from "./sha256.ts";

/** A `webhook-id` for outgoing calls: the same for the same key, and nothing of the key can be read from it. */
export function webhookId(key: string): string {
  return `msg_${sha256(key).toString("hex").slice(0, 32)}`;
}
