import { Webhook } from "standardwebhooks";
import type { WebhookRequest } from "../../../../lib/adapter/Platform.ts";
import { TEST_SECRET } from "../../../harness/webhookReceiver.ts";

/** A call to the `http` platform, signed by the official library. */
export function httpCall(
  body: unknown,
  options: { readonly id?: string; readonly at?: number; readonly secret?: string } = {},
): WebhookRequest {
  const { id = "msg_1", at = Date.now(), secret = TEST_SECRET } = options;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return {
    method: "POST",
    url: "https://gateway.example.com/webhooks/http",
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(at / 1000)),
      "webhook-signature": new Webhook(secret).sign(id, new Date(at), text),
    },
    query: {},
    body: Buffer.from(text),
  };
}
