import { IDS } from "../../../../emulators/platforms/whatsapp/startWhatsAppFake.ts";
import { messagesValue, webhookCall, webhookOf } from "../../../../emulators/platforms/whatsapp/webhookCall.ts";
import type { WebhookRequest } from "../../../../lib/adapter/Platform.ts";

type Fields = Readonly<Record<string, unknown>>;

export const URL = "https://gateway.example.com/webhooks/whatsapp";

/** Ana, as WhatsApp knows her. */
export const ANA = { from: "16505551234", from_user_id: "US.13491208655302741918" };

const CONTACT = { profile: { name: "Ana Lima" }, wa_id: ANA.from, user_id: ANA.from_user_id };

/** A message of Ana's, as Meta sends it; `changes` go into it. */
export function messageOf(changes: Fields = {}): Fields {
  const { text = { body: "Hello" }, ...more } = changes;
  const isText = (more.type ?? "text") === "text";
  return {
    ...ANA,
    id: "wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=",
    timestamp: "1772366400",
    type: "text",
    ...(isText ? { text } : {}),
    ...more,
  };
}

/** The body of a webhook with these messages of Ana's. */
export function bodyOf(...messages: readonly Fields[]) {
  return webhookOf(IDS, messagesValue(IDS, { contacts: [CONTACT], messages }));
}

/** The body of a webhook with these statuses. */
export function statusesOf(...statuses: readonly Fields[]) {
  return webhookOf(IDS, messagesValue(IDS, { contacts: [{ wa_id: ANA.from }], statuses }));
}

/** A call of Meta's with this body. */
export function whatsappCall(body: unknown, appSecret = IDS.appSecret): WebhookRequest {
  return webhookCall(body, appSecret, URL);
}
