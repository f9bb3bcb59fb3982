import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTelegramFake, type TelegramFake } from "../../../../emulators/platforms/telegram/startTelegramFake.ts";
import { HttpError } from "../../../../lib/adapter/errors.ts";
import { secret } from "../../../../lib/adapter/options.ts";
import type { OutboundChunk, Platform } from "../../../../lib/adapter/Platform.ts";
import { everythingIn, failureOf } from "../../../../lib/adapter/testing/failureOf.ts";
import { startFaultServer } from "../../../../lib/adapter/testing/faultServer.ts";
import { testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { telegram } from "../../../../lib/platforms/telegram/telegram.ts";
import { SECRET_TOKEN } from "./telegramCall.ts";

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
