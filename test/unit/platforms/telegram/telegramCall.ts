import type { WebhookRequest } from "../../../../lib/adapter/Platform.ts";

export const SECRET_TOKEN = "secret_TOKEN-of-setWebhook";

/** A call of Telegram with this Update. */
export function telegramCall(update: unknown, secretToken = SECRET_TOKEN): WebhookRequest {
  return {
    method: "POST",
    url: "https://gateway.example.com/webhooks/telegram",
    headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": secretToken },
    query: {},
    body: Buffer.from(typeof update === "string" ? update : JSON.stringify(update)),
  };
}

/** An Update with a message in a private chat, as Telegram sends it; `changes` go into the message. */
export function updateOf(changes: Readonly<Record<string, unknown>> = {}, updateId = 10_000) {
  const text = "text" in changes ? String(changes.text) : "Hello";
  const command = /^\/\w+(?:@\w+)?/.exec(text)?.[0];
  return {
    update_id: updateId,
    message: {
      message_id: 1365,
      from: { id: 4711, is_bot: false, first_name: "Ana", last_name: "Lima", username: "ana", language_code: "en" },
      chat: { id: 4711, first_name: "Ana", last_name: "Lima", username: "ana", type: "private" },
      date: 1_772_366_400,
      text,
      ...(command ? { entities: [{ type: "bot_command", offset: 0, length: command.length }] } : {}),
      ...changes,
    },
  };
}
