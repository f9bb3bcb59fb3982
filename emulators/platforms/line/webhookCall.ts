import { createHmac } from "node:crypto";
import type { WebhookRequest } from "../../../lib/adapter/Platform.ts";

/** LINE's call with these events, or this body. */
export function webhookCall(events: readonly object[] | string, channelSecret: string, url: string): WebhookRequest {
  const body = typeof events === "string" ? events : JSON.stringify({ destination: `U${"0".repeat(32)}`, events });
  return {
    method: "POST",
    url,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "user-agent": "LineBotWebhook/2.0",
      "x-line-signature": createHmac("sha256", channelSecret).update(body).digest("base64"),
    },
    query: {},
    body: Buffer.from(body),
  };
}
