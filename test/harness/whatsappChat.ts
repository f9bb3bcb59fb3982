import { IDS, type SentMessage, type WhatsAppFake } from "../../emulators/platforms/whatsapp/startWhatsAppFake.ts";
import { messagesValue, webhookCall, webhookOf } from "../../emulators/platforms/whatsapp/webhookCall.ts";
import { secret } from "../../lib/index.ts";
import { whatsapp } from "../../lib/platforms/whatsapp/whatsapp.ts";
import { loadTurns } from "../../lib/store/turns.ts";
import type { GatewayHarness } from "./GatewayHarness.ts";
import { sessionRows } from "./rows.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Ana and Ben, as WhatsApp knows them. */
export const ANA = { from: "16505551234", from_user_id: "US.1349" };
export const BEN = { from: "447700900001", from_user_id: "GB.4477" };

/** For the harness to know: the fake's, in the forms that Meta gives them. */
export const WHATSAPP_SECRETS = { WHATSAPP_TOKEN: IDS.token, WHATSAPP_APP_SECRET: IDS.appSecret };

/** The platform of a config that talks to the fake. */
export function whatsappOf({ phoneNumberId, accountId, appId, url }: WhatsAppFake) {
  const secrets = { token: secret("WHATSAPP_TOKEN"), appSecret: secret("WHATSAPP_APP_SECRET") };
  return whatsapp({ phoneNumberId, accountId, appId, ...secrets, apiBase: url });
}

/** WhatsApp as its users see it, before a gateway: each message has an id of its own. */
export function whatsappChat(harness: GatewayHarness, fake: WhatsAppFake) {
  let last = 0;

  const timestamp = () => String(Math.floor(harness.clock.now() / 1000));

  /** Posts a webhook with these values, and lets all of it be worked. */
  async function deliver(...values: readonly Fields[]) {
    const body = webhookOf(fake, ...values.map((value) => messagesValue(fake, value)));
    const { headers, body: bytes } = webhookCall(body, fake.appSecret, "");
    const answer = await harness.post("whatsapp", Buffer.from(bytes).toString(), { ...headers });
    await harness.settle();
    return answer;
  }

  /** Ana's message, but for what `changes` say. */
  const messageOf = (changes: Fields): Fields => ({
    ...{ ...ANA, id: `wamid.${++last}`, timestamp: timestamp(), type: "text" },
    ...changes,
  });

  return {
    deliver,
    messageOf,
    /** Sends a message and lets it be answered; answers the message. */
    async send(changes: Fields) {
      harness.advance("1s");
      const message = messageOf(changes);
      const { from: wa_id, from_user_id: user_id } = message;
      await deliver({ contacts: [{ profile: { name: "Ana" }, wa_id, user_id }], messages: [message] });
      return message;
    },
    /** Says a text, and answers as `send` does. */
    async say(body: string, changes: Fields = {}) {
      return this.send({ text: { body }, ...changes });
    },
    /** Meta tells what became of a message that went out. */
    async tell(
      message: SentMessage | undefined,
      ...facts: Parameters<WhatsAppFake["statusOf"]> extends [unknown, ...infer Rest] ? Rest : never
    ) {
      if (!message) throw new Error("nothing was sent");
      return deliver({ statuses: [fake.statusOf(message, ...facts)] });
    },
    /** The texts of all replies so far. */
    replies: () => fake.sent.map(({ text }) => text.body),
    /** The turns of the newest session. */
    async turns() {
      const sessions = await sessionRows(harness);
      return loadTurns(harness.operatorTable, sessions.at(-1)?.session ?? "");
    },
  };
}
