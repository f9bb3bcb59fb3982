import { createHmac } from "node:crypto";
import type { WebhookRequest } from "../../../lib/adapter/Platform.ts";

/** Meta's ids of what a webhook is about. */
export interface Account {
  readonly accountId: string;
  readonly phoneNumberId: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** The value of a `messages` webhook, with its contacts, messages or statuses. */
export function messagesValue({ phoneNumberId }: Pick<Account, "phoneNumberId">, facts: Fields): Fields {
  const metadata = { display_phone_number: "15550783881", phone_number_id: phoneNumberId };
  return { messaging_product: "whatsapp", metadata, ...facts };
}

/** A webhook with these values, an entry with one change for each. */
export function webhookOf({ accountId }: Pick<Account, "accountId">, ...values: readonly Fields[]): Fields {
  const entry = values.map((value) => ({ id: accountId, changes: [{ value, field: "messages" }] }));
  return { object: "whatsapp_business_account", entry };
}

/** Meta's call with this body. It escapes what is not ASCII, and signs what it sends. */
export function webhookCall(body: unknown, appSecret: string, url: string): WebhookRequest {
  const text = typeof body === "string" ? body : escaped(JSON.stringify(body));
  const signature = createHmac("sha256", appSecret).update(text).digest("hex");
  return {
    method: "POST",
    url,
    headers: {
      "content-type": "application/json",
      "user-agent": "facebookexternalua",
      "x-hub-signature-256": `sha256=${signature}`,
    },
    query: {},
    body: Buffer.from(text),
  };
}

/** Meta's call when an address is set. */
export function handshakeCall(verifyToken: string, challenge: string, url: string): WebhookRequest {
  const query = { "hub.mode": "subscribe", "hub.verify_token": verifyToken, "hub.challenge": challenge };
  return { method: "GET", url: `${url}?${new URLSearchParams(query)}`, headers: {}, query, body: Buffer.alloc(0) };
}

function escaped(json: string): string {
  return json.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
