import { createHash, randomBytes } from "node:crypto";
import * as v from "valibot";
import type { StartSimulator } from "../PlatformSimulator.ts";
import { startWhatsAppFake } from "./startWhatsAppFake.ts";
import { messagesValue, webhookCall, webhookOf } from "./webhookCall.ts";

const refSchema = v.object({ secret: v.string() });
const optionsSchema = v.object({
  ...{ phoneNumberId: v.string(), accountId: v.string(), appId: v.string(), token: refSchema, appSecret: refSchema },
  verifyToken: v.optional(refSchema),
});

/** WhatsApp on this machine: its Cloud API, and the webhooks that Meta would send. Everybody has a chat of their own. */
export const startSimulator: StartSimulator = async (given) => {
  const { token, appSecret, verifyToken, ...ids } = v.parse(optionsSchema, given);
  const fake = await startWhatsAppFake({
    ...ids,
    token: `EAA${randomBytes(24).toString("hex")}`,
    appSecret: randomBytes(16).toString("hex"),
  });
  const names = new Map<string, string>();
  const start = Date.now();
  let last = 0;
  return {
    url: fake.url,
    secrets: {
      [token.secret]: fake.token,
      [appSecret.secret]: fake.appSecret,
      ...(verifyToken ? { [verifyToken.secret]: randomBytes(16).toString("hex") } : {}),
    },
    call({ text, user, conversation }, url) {
      const from = numberOf(conversation);
      const from_user_id = `US.${from}`;
      names.set(from, conversation);
      const contacts = [{ profile: { name: user }, wa_id: from, user_id: from_user_id }];
      const id = `wamid.${Buffer.from(`${from} ${start} ${++last}`).toString("base64")}`;
      const timestamp = String(Math.floor(Date.now() / 1000));
      const messages = [{ from, from_user_id, id, timestamp, type: "text", text: { body: text } }];
      return webhookCall(webhookOf(fake, messagesValue(fake, { contacts, messages })), fake.appSecret, url);
    },
    sent: () =>
      fake.sent.map((message) => {
        const to = message.to ?? message.recipient ?? "";
        return { conversation: names.get(to) ?? to, text: message.text.body, body: message };
      }),
    close: () => fake.close(),
  };
};

/** Somebody's phone number by a name, always the same; a number stays what it is. */
function numberOf(name: string): string {
  if (/^[1-9]\d{4,14}$/.test(name)) return name;
  return `1555${String(createHash("sha256").update(name).digest().readUInt32BE() % 10_000_000).padStart(7, "0")}`;
}
