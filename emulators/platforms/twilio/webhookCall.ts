import { createHmac } from "node:crypto";
import type { WebhookRequest } from "../../../lib/adapter/Platform.ts";

/** The parameters of an incoming message: https://www.twilio.com/docs/messaging/guides/webhook-request */
export type MessageForm = Readonly<Record<string, string>>;

/** Twilio's call with these parameters, signed over the address that it calls. */
export function webhookCall(form: MessageForm | string, authToken: string, url: string): WebhookRequest {
  const body = typeof form === "string" ? form : new URLSearchParams(form).toString();
  const parameters = [...new URLSearchParams(body)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const signed = url + parameters.map(([name, value]) => name + value).join("");
  const { searchParams } = new URL(url);
  return {
    method: "POST",
    url,
    headers: {
      "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
      "i-twilio-idempotency-token": "00000000-0000-4000-8000-000000000000",
      "user-agent": "TwilioProxy/1.1",
      "x-twilio-signature": createHmac("sha1", authToken).update(signed).digest("base64"),
    },
    query: Object.fromEntries(searchParams),
    body: Buffer.from(body),
  };
}
