import { createHash } from "node:crypto";

/** A `webhook-id` for outgoing calls: the same for the same key, and nothing of the key can be read from it. */
export function webhookId(key: string): string {
  return `msg_${createHash("sha256").update(key).digest("hex").slice(0, 32)}`;
}
