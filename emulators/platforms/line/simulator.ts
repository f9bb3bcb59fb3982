import { createHash, randomBytes } from "node:crypto";
import * as v from "valibot";
import type { StartSimulator } from "../PlatformSimulator.ts";
import { startLineFake } from "./startLineFake.ts";
import { webhookCall } from "./webhookCall.ts";

const refSchema = v.object({ secret: v.string() });
const optionsSchema = v.object({ channelSecret: refSchema, accessToken: refSchema });

/** LINE on this machine: its Messaging API, and the webhooks that it would send. In a group each message names the bot. */
export const startSimulator: StartSimulator = async (given) => {
  const { channelSecret, accessToken } = v.parse(optionsSchema, given);
  const fake = await startLineFake({
    channelSecret: randomBytes(16).toString("hex"),
    accessToken: randomBytes(96).toString("base64"),
  });
  const names = new Map<string, string>();
  let last = 0;
  return {
    url: fake.url,
    secrets: { [channelSecret.secret]: fake.channelSecret, [accessToken.secret]: fake.accessToken },
    call({ text, user, conversation, chatType }, url) {
      const isDirect = chatType === "dm";
      const userId = idOf("U", isDirect ? conversation : user);
      const chat = isDirect ? userId : idOf("C", conversation);
      names.set(chat, conversation);
      const number = `${Date.now()}${++last}`;
      const replyToken = idOf("", number).slice(0, 32);
      fake.issue(replyToken, chat);
      const mention = { mentionees: [{ index: 0, length: 7, type: "user", userId: idOf("U", "bot"), isSelf: true }] };
      const words = isDirect || text.startsWith("/") ? { text } : { text: `@vesper ${text}`, mention };
      const event = {
        ...{ type: "message", mode: "active", timestamp: Date.now(), replyToken },
        ...{ webhookEventId: `01${number}`, deliveryContext: { isRedelivery: false } },
        source: isDirect ? { type: "user", userId } : { type: "group", groupId: chat, userId },
        message: { id: number, type: "text", quoteToken: `q${number}`, ...words },
      };
      return webhookCall([event], fake.channelSecret, url);
    },
    sent: () =>
      fake.sent.map((message) => ({
        conversation: names.get(message.to) ?? message.to,
        text: message.text,
        body: message,
      })),
    close: () => fake.close(),
  };
};

/** LINE's id by a name, always the same; an id stays what it is. */
function idOf(prefix: string, name: string): string {
  if (/^[UCR][\da-f]{32}$/.test(name)) return name;
  return `${prefix}${createHash("sha256").update(name).digest("hex").slice(0, 32)}`;
}
