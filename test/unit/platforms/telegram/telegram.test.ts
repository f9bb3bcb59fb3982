import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTelegramFake, type TelegramFake } from "../../../../emulators/platforms/telegram/startTelegramFake.ts";
import { HttpError, SecretFormatError, WebhookError } from "../../../../lib/adapter/errors.ts";
import { secret } from "../../../../lib/adapter/options.ts";
import type { OutboundChunk, Platform } from "../../../../lib/adapter/Platform.ts";
import { everythingIn, failureOf } from "../../../../lib/adapter/testing/failureOf.ts";
import { startFaultServer } from "../../../../lib/adapter/testing/faultServer.ts";
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

describe("telegram, sending a reply,", () => {
  let api: TelegramFake;
  beforeEach(async () => {
    api = await startTelegramFake({ token: TOKEN });
  });
  afterEach(() => api.close());

  const bot = () => telegram({ ...OPTIONS, apiBase: `${api.url}/` }).create(services);
  const chunk = (replyTo: OutboundChunk["replyTo"], text = "Hi"): OutboundChunk => {
    return { text, index: 0, isLast: true, replyTo, key: "k", session: "s", conversation: "c", inReplyTo: "d" };
  };

  it("sends to the chat, the topic and the message that the reply answers", async () => {
    await bot().send(chunk({ chat: 4711 }));
    await bot().send(chunk({ chat: -100_200, thread: 17, message: 1365 }));
    expect(api.sent).toEqual([
      { message_id: 1, chat_id: 4711, text: "Hi" },
      {
        message_id: 2,
        chat_id: -100_200,
        text: "Hi",
        message_thread_id: 17,
        reply_parameters: { message_id: 1365, allow_sending_without_reply: true },
      },
    ]);
  });

  it("gives up for good at a user who has blocked the bot", async () => {
    api.block(4711);
    expect(await failureOf(bot().send(chunk({ chat: 4711 })))).toMatchObject({
      kind: "gone",
      retry: false,
      message: "Telegram answered 403: Forbidden: bot was blocked by the user",
    });
  });

  it("gives up for good with a token that Telegram does not know", async () => {
    const other = telegram({ ...OPTIONS, apiBase: api.url }).create(testServices({ TOKEN: "1:x", SECRET_TOKEN }));
    expect(await failureOf(other.send(chunk({ chat: 1 })))).toMatchObject({ kind: "auth", retry: false });
    api.failNext(1, 404);
    expect(await failureOf(bot().send(chunk({ chat: 1 })))).toMatchObject({ kind: "auth", retry: false });
  });

  it.each([
    [403, "Forbidden: bot was kicked from the supergroup chat", "gone"],
    [403, "Forbidden: user is deactivated", "gone"],
    [400, "Bad Request: chat not found", "gone"],
    [400, "Bad Request: not enough rights to send text messages to the chat", "gone"],
    [400, "Bad Request: message thread not found", "gone"],
    [400, "Bad Request: strings must be encoded in UTF-8", "invalid"],
    [400, "Bad Request: message is too long", "invalid"],
    [401, "Unauthorized", "auth"],
    [404, "Not Found", "auth"],
    [403, undefined, "auth"],
    [429, "Too Many Requests: retry after 5", "throttled"],
    [502, undefined, "transient"],
  ])("classifies an answer %i with %j as %s", async (status, description, kind) => {
    const body = description === undefined ? "<html>" : JSON.stringify({ ok: false, error_code: status, description });
    const server = await startFaultServer(() => ({ status, body }));
    try {
      const other = telegram({ ...OPTIONS, apiBase: server.url }).create(services);
      expect(await failureOf(other.send(chunk({ chat: 1 })))).toMatchObject({ kind, status });
    } finally {
      await server.close();
    }
  });

  it("sends nothing with a token that is none, or to a target that is none", async () => {
    const broken = telegram(OPTIONS).create(testServices({ TOKEN: "../evil\n", SECRET_TOKEN }));
    expect(await failureOf(broken.send(chunk({ chat: 1 })))).toMatchObject({ kind: "auth", outcome: "not-sent" });
    expect(await failureOf(bot().send(chunk("elsewhere")))).toMatchObject({ kind: "invalid", outcome: "not-sent" });
    expect(api.requests).toEqual([]);
  });

  it("never shows the token, not even when a proxy or the network repeats the address", async () => {
    const answers = [
      { status: 404, body: `Cannot POST /bot${TOKEN}/sendMessage` },
      { status: 400, body: JSON.stringify({ ok: false, description: `no route /bot${TOKEN}/` }) },
      { status: 200, body: `<h1>Welcome, /bot${TOKEN}</h1>` },
    ];
    const proxy = await startFaultServer(() => answers.shift() ?? { status: 500 });
    try {
      const behind = telegram({ ...OPTIONS, apiBase: proxy.url }).create(services);
      for (const kind of ["auth", "invalid", "transient"]) {
        const error = await failureOf(behind.send(chunk({ chat: 1 })));
        expect(error.kind).toBe(kind);
        expect(everythingIn(error)).not.toContain(TOKEN);
      }
    } finally {
      await proxy.close();
    }
    const error = await failureOf(behindNobody().send(chunk({ chat: 1 })));
    expect(error.cause).toBeInstanceOf(HttpError);
    expect(everythingIn(error)).not.toContain(TOKEN);
  });

  const behindNobody = () => telegram({ ...OPTIONS, apiBase: "http://127.0.0.1:1" }).create(services);
});

it("splits replies at Telegram's limit", () => {
  const pieces = platform.render(`\`\`\`\n${"code();\n".repeat(2_000)}\`\`\``);
  expect(pieces.length).toBeGreaterThan(3);
  for (const piece of pieces) {
    expect(piece.length).toBeLessThanOrEqual(4096);
    expect(piece).toMatch(/^```\n[\s\S]*\n```$/);
  }
});

it.each([
  [{ username: "@vesper_bot" }, "username"],
  [{ apiBase: "telegram" }, "apiBase"],
  [{ token: "123456:ABC" }, "token"],
])("refuses the options %j", (changes, path) => {
  // @ts-expect-error wrong on purpose
  expect(telegram({ ...OPTIONS, ...changes }).problems()).toMatchObject([{ path: [path] }]);
});
