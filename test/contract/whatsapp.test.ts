import { describe, it } from "vitest";
import { IDS, startWhatsAppFake } from "../../emulators/platforms/whatsapp/startWhatsAppFake.ts";
import { messagesValue, webhookOf } from "../../emulators/platforms/whatsapp/webhookCall.ts";
import { secret } from "../../lib/adapter/options.ts";
import { platformConformance } from "../../lib/adapter/testing/platformConformance.ts";
import type { PlatformExtras } from "../../lib/adapter/testing/platformExtrasConformance.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { whatsapp } from "../../lib/platforms/whatsapp/whatsapp.ts";
import { messageOf, whatsappCall } from "../unit/platforms/whatsapp/whatsappCall.ts";

/** A message of somebody who has told no name. */
const callOf = (message: object) => whatsappCall(webhookOf(IDS, messagesValue(IDS, { messages: [message] })));

// It tells neither what a message answers nor whose forwarded words were, nor how large a file is; it has no groups here.
const EXTRAS: PlatformExtras = {
  edit: ({ number, text }) => {
    const edit = { original_message_id: "wamid.1", message: { type: "text", text: { body: text } } };
    return callOf(messageOf({ id: `wamid.${number}`, type: "edit", edit }));
  },
  moved: (from, to) => {
    const system = { type: "user_changed_user_id", previous_user_id: from, user_id: to };
    return callOf({ id: "wamid.9", timestamp: "1772366400", type: "system", system });
  },
  undelivered: ({ body }, id) => {
    const { to, biz_opaque_callback_data } = JSON.parse(body);
    const failed = { id, status: "failed", timestamp: "1772366460", recipient_id: to, biz_opaque_callback_data };
    return whatsappCall(webhookOf(IDS, messagesValue(IDS, { statuses: [{ ...failed, errors: [{ code: 131_026 }] }] })));
  },
};

platformConformance(
  { describe, it },
  "whatsapp",
  async () => {
    const server = await startWhatsAppFake();
    const { phoneNumberId, accountId, appId, token, appSecret } = server;
    const services = testServices({ TOKEN: token, APP_SECRET: appSecret });
    const ids = { phoneNumberId, accountId, appId };
    const options = { ...ids, token: secret("TOKEN"), appSecret: secret("APP_SECRET"), apiBase: server.url };
    return {
      platform: whatsapp(options).create(services),
      secretsRead: () => services.secrets.asked,
      call: ({ number, text, user }) =>
        callOf({ from: user, id: `wamid.${number}`, timestamp: "1772366400", type: "text", text: { body: text } }),
      callWith: (body) => whatsappCall(body),
      forgeries: (genuine) => {
        const signed = genuine.headers["x-hub-signature-256"] ?? "";
        const withSignature = (signature: string) => ({
          ...genuine,
          headers: { ...genuine.headers, "x-hub-signature-256": signature },
        });
        return {
          missing: { ...genuine, headers: {} },
          empty: withSignature(""),
          "without its name": withSignature(signed.slice("sha256=".length)),
          short: withSignature(signed.slice(0, -1)),
          "upper case": withSignature(signed.toUpperCase()),
          "of another secret": whatsappCall(genuine.body.toString(), "f".repeat(32)),
          "of another body": { ...genuine, body: Buffer.concat([genuine.body, Buffer.from(" ")]) },
        };
      },
      server,
      sent: () => server.sent.map(({ text }) => text.body),
      limit: 4096,
      secrets: [token, appSecret],
      typing: () => server.typing,
      close: () => server.close(),
    };
  },
  EXTRAS,
);
