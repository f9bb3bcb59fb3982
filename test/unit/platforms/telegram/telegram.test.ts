import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTelegramFake, type TelegramFake } from "../../../../emulators/platforms/telegram/startTelegramFake.ts";
import { SecretFormatError, WebhookError } from "../../../../lib/adapter/errors.ts";
import { secret } from "../../../../lib/adapter/options.ts";
import type { Platform } from "../../../../lib/adapter/Platform.ts";
import { testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { telegram } from "../../../../lib/platforms/telegram/telegram.ts";
import { SECRET_TOKEN, telegramCall, updateOf } from "./telegramCall.ts";

const TOKEN = "123456:ABC-DEF_ghi";

const OPTIONS = { token: secret("TOKEN"), secretToken: secret("SECRET_TOKEN") };

const services = testServices({ TOKEN, SECRET_TOKEN });

let platform: Platform;
let names: TelegramFake;
beforeAll(async () => {
  names = await startTelegramFake({ token: TOKEN });
  platform = telegram({ ...OPTIONS, apiBase: names.url }).create(services);
});
afterAll(() => names.close());

const ANA = updateOf().message.from;

const GROUP = { chat: { id: -100_200, title: "Friends", type: "supergroup" } };

const messagesOf = async (update: unknown) => {
  const { messages, response } = await platform.receive(telegramCall(update));
  expect(response).toEqual({ status: 200 });
  return messages;
};

describe("telegram, receiving a message,", () => {
  it("takes a message in a private chat for a direct message", async () => {
    expect(await messagesOf(updateOf())).toEqual([
      {
        messageId: "000000010000",
        ref: "1365",
        sentAt: 1_772_366_400_000,
        chat: { id: "4711", type: "dm" },
        user: { id: "4711", name: "Ana Lima" },
        role: "user",
        text: "Hello",
        origin: "chat",
        replyTo: { chat: 4711 },
      },
    ]);
  });

  it("answers a message in a group with a quotation", async () => {
    expect(await messagesOf(updateOf(GROUP))).toMatchObject([
      { chat: { id: "-100200", type: "group" }, replyTo: { chat: -100_200, message: 1365 } },
    ]);
  });

  it("takes a message in a forum's topic for one in a thread", async () => {
    const topic = { ...GROUP, message_thread_id: 17, is_topic_message: true };
    expect(await messagesOf(updateOf(topic))).toMatchObject([
      { chat: { id: "-100200", type: "thread", thread: "17" }, replyTo: { chat: -100_200, thread: 17, message: 1365 } },
    ]);
  });

  it("takes a message that answers another one in a plain group for one in no thread", async () => {
    const [message] = await messagesOf(updateOf({ ...GROUP, message_thread_id: 17 }));
    expect(message?.chat).toEqual({ id: "-100200", type: "group" });
  });

  it("takes a message in a topic of a private chat for a direct message", async () => {
    const [message] = await messagesOf(updateOf({ message_thread_id: 17, is_topic_message: true }));
    expect(message?.chat).toEqual({ id: "4711", type: "dm", thread: "17" });
  });

  it("reads a photo's caption", async () => {
    const { text: _, ...photo } = updateOf({ photo: [{}], caption: "Look" }).message;
    expect(await messagesOf({ update_id: 1, message: photo })).toMatchObject([{ text: "Look" }]);
  });

  it("gives message ids that sort as the updates came", async () => {
    const deliveries = await Promise.all(
      [9, 10, 123_456_789].map(async (id) => (await messagesOf(updateOf({}, id)))[0]?.messageId),
    );
    expect(deliveries.toSorted()).toEqual(deliveries);
  });
});

describe("telegram, given an update without a person's words,", () => {
  const { message } = updateOf();
  const { text: _, ...wordless } = message;

  it("W7 makes nothing of a message that bears the bot's own id", async () => {
    expect(await messagesOf(updateOf({ from: { ...ANA, id: 123_456 } }))).toEqual([]);
  });

  it("W5 makes nothing of what a channel posts into its group, or a person in the name of a channel", async () => {
    const sender_chat = { id: -100_300, title: "News", type: "channel" };
    expect(await messagesOf(updateOf({ ...GROUP, from: { ...ANA, id: 777_000 }, sender_chat }))).toEqual([]);
  });

  it.each([
    [
      "makes nothing of another bot's message",
      { update_id: 1, message: { ...message, from: { ...ANA, is_bot: true } } },
    ],
    ["makes nothing of a message without a sender", { update_id: 1, message: { ...message, from: undefined } }],
    ["makes nothing of a channel's post", { update_id: 1, channel_post: message }],
    ["makes nothing of a pressed button", { update_id: 1, callback_query: { id: "1" } }],
    ["makes nothing of a kind of update yet to come", { update_id: 1, hologram: {} }],
    ["makes nothing of an edit without words", { update_id: 1, edited_message: { ...wordless, photo: [{}] } }],
    [
      "makes nothing of an edit that would be a command",
      { update_id: 1, edited_message: updateOf({ text: "/reset" }).message },
    ],
    ["makes nothing of news of who has joined", { update_id: 1, message: { ...wordless, new_chat_members: [ANA] } }],
    ["makes nothing of a pinned message", { update_id: 1, message: { ...wordless, pinned_message: message } }],
    ["makes nothing of a business message", { update_id: 1, business_message: message }],
    ["makes nothing of a chat of another type", updateOf({ chat: { id: 1, type: "channel" } })],
    ["makes nothing of a command for another bot of the group", updateOf({ ...GROUP, text: "/reset@other_bot" })],
    ["makes nothing of another bot's own command", updateOf({ ...GROUP, text: "/weather@other_bot Lisbon" })],
  ])("%s", async (_, update) => {
    expect(await messagesOf(update)).toEqual([]);
  });
});

describe("telegram, reading a command,", () => {
  it.each([
    ["/reset", { command: "reset", text: "" }],
    ["/reset@vesper_bot", { command: "reset", text: "" }],
    ["/New@Vesper_Bot some text", { command: "new", text: "some text" }],
  ])("reads %s", async (text, parsed) => {
    expect(await messagesOf(updateOf({ ...GROUP, text }))).toMatchObject([parsed]);
  });

  it("takes for a command only what Telegram marks as one", async () => {
    const [message] = await messagesOf(updateOf({ text: "/reset", entities: [] }));
    expect(message).toMatchObject({ text: "/reset" });
    expect(message?.command).toBeUndefined();
  });

  it("needs no name of ours in a private chat", async () => {
    const unnamed = telegram({ ...OPTIONS, apiBase: "http://127.0.0.1:1" }).create(services);
    const { messages } = await unnamed.receive(telegramCall(updateOf({ text: "/reset@some_bot" })));
    expect(messages).toMatchObject([{ command: "reset" }]);
  });

  it("asks Telegram once for our name, and only when somebody is named", async () => {
    const api = await startTelegramFake({ token: TOKEN });
    const bot = telegram({ ...OPTIONS, apiBase: api.url }).create(services);
    for (const text of ["hello", "/reset", "/reset@vesper_bot", "/new@vesper_bot"]) {
      await bot.receive(telegramCall(updateOf({ ...GROUP, text })));
    }
    expect(api.requests.map(({ path }) => path)).toEqual([`/bot${TOKEN}/getMe`]);
    await api.close();
  });
});

it.each([
  ["update_id", { message: {} }],
  ["update_id", { update_id: -1 }],
  ["message.message_id", { update_id: 1, message: {} }],
  ["message.chat.id", updateOf({ chat: { type: "private" } })],
])("refuses an Update with a wrong %s", async (field, update) => {
  await expect(platform.receive(telegramCall(update))).rejects.toMatchObject({ status: 400, field });
});

it.each(["", " ", "näh", "x".repeat(257)])("never accepts a secret token of %j", async (value) => {
  const broken = telegram(OPTIONS).create(testServices({ TOKEN, SECRET_TOKEN: value }));
  await expect(broken.receive(telegramCall(updateOf(), value))).rejects.toThrow(WebhookError);
  await expect(broken.receive(telegramCall(updateOf()))).rejects.toBeInstanceOf(SecretFormatError);
});
