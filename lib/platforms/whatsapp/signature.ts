import { createHmac } from "node:crypto";

/** Meta's signature of a body: https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads */
export function signatureOf(body: Uint8Array, appSecret: string): string {
  return `sha256=${createHmac("sha256", appSecret).update(body).digest("hex")}`;
}
