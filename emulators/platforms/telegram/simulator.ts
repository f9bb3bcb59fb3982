import { randomBytes } from "node:crypto";
import * as v from "valibot";
import type { StartSimulator } from "../PlatformSimulator.ts";
import { messageOf } from "./messageOf.ts";
import { startTelegramFake } from "./startTelegramFake.ts";

const refSchema = v.object({ secret: v.string() });
const optionsSchema = v.object({ token: refSchema, secretToken: v.optional(refSchema) });

/** Telegram on this machine: its Bot API, and the updates that it would send to the webhook which the bot has set. */
export const startSimulator: StartSimulator = async (given) => {
  const { token, secretToken } = v.parse(optionsSchema, given);
  const fake = await startTelegramFake({ token: `123456:${randomBytes(24).toString("base64url")}` });
  const names = new Map<number, string>();
  // Later than those of an earlier start.
  let last = Math.floor(Date.now() / 1000);
  return {
    url: fake.url,
    secrets: {
      [token.secret]: fake.token,
      ...(secretToken ? { [secretToken.secret]: randomBytes(24).toString("base64url") } : {}),
    },
    call(said, url) {
      const id = ++last;
      const message = messageOf(said, id, Math.floor(Date.now() / 1000));
      names.set(message.chat.id, said.conversation);
      return {
        method: "POST",
        url,
        headers: {
          "content-type": "application/json",
          "x-telegram-bot-api-secret-token": fake.webhook?.secret_token ?? "",
        },
        query: {},
        body: Buffer.from(JSON.stringify({ update_id: id, message })),
      };
    },
    sent: () =>
      fake.sent.map((message) => {
        const { chat_id: chat, text } = message;
        return { conversation: names.get(Number(chat)) ?? String(chat), text, body: message };
      }),
    close: () => fake.close(),
  };
};
