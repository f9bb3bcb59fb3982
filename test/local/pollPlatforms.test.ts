import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as v from "valibot";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startTelegramFake, type TelegramFake } from "../../emulators/platforms/telegram/startTelegramFake.ts";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { secret } from "../../lib/index.ts";
import { telegram } from "../../lib/platforms/telegram/telegram.ts";
import { nodeHttpClient } from "../../lib/runtime/nodeHttpClient.ts";
import { pollPlatforms } from "../../local/pollPlatforms.ts";
import { updateOf } from "../unit/platforms/telegram/telegramCall.ts";

let bot: TelegramFake;
let taken: string[];
let answers: number[];
let printed: string[];
let stop: () => Promise<unknown>;

const services = () => ({ ...testServices({ TOKEN: bot.token }), http: nodeHttpClient });

beforeEach(async () => {
  bot = await startTelegramFake();
  [taken, answers, printed] = [[], [], []];
  const adapter = telegram({ token: secret("TOKEN"), apiBase: bot.url });
  const platform = adapter.create(services());
  // The gateway, as far as a webhook goes: what the platform itself would refuse is refused.
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const status = answers.shift() ?? 200;
    const call = {
      method: request.method ?? "",
      url: `${url}${request.url}`,
      headers,
      query: {},
      body: Buffer.concat(chunks),
    };
    const received = await platform.receive(call);
    if (status === 200) taken.push(...received.messages.map(({ text }) => `${request.url} ${text}`));
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stop = () => new Promise((resolve) => server.close(resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = { config: { platforms: { telegram: adapter } }, adapters: services(), url };
  const polling = pollPlatforms({ ...options, print: (line) => printed.push(line) });
  const close = stop;
  stop = async () => {
    await polling.stop();
    server.closeAllConnections();
    await close();
    await bot.close();
  };
});
afterEach(() => stop());

it("brings what users write to the gateway with a token alone, in order and once, and confirms it", async () => {
  bot.queueUpdate(updateOf({ text: "one" }, 1));
  bot.queueUpdate(updateOf({ text: "two" }, 2));
  await vi.waitFor(() => expect(taken).toEqual(["/webhooks/telegram one", "/webhooks/telegram two"]), 5_000);
  await vi.waitFor(() => {
    const offsets = bot.requests.map(({ body }) => JSON.parse(body).offset);
    expect(offsets).toContain(3);
  }, 5_000);
  expect(printed).toEqual([expect.stringContaining("no tunnel is needed")]);
});

it("gives the gateway again what it did not take", async () => {
  answers.push(503);
  bot.queueUpdate(updateOf({ text: "one" }, 1));
  await vi.waitFor(() => expect(taken).toEqual(["/webhooks/telegram one"]), 8_000);
  expect(printed.join()).toContain("the gateway answered 503");
}, 15_000);

it("says that the gateway refused a message, and goes on with the next", async () => {
  answers.push(413);
  bot.queueUpdate(updateOf({ text: "one" }, 1));
  bot.queueUpdate(updateOf({ text: "two" }, 2));
  await vi.waitFor(() => expect(taken).toEqual(["/webhooks/telegram two"]), 8_000);
  expect(printed.join()).toContain("refused a message with 413");
}, 15_000);

it("says that it did not understand an answer, and does not end by it", async () => {
  let asked = 0;
  const odd = defineAdapter("platform", "odd", v.strictObject({}), () => ({
    receive: async () => ({ messages: [] }),
    render: (text: string) => [text],
    send: async () => undefined,
    async poll() {
      asked++;
      throw new TypeError("somebody's words");
    },
  }));
  const lines: string[] = [];
  const options = { config: { platforms: { odd: odd() } }, adapters: services(), url: "http://127.0.0.1:1" };
  const polling = pollPlatforms({ ...options, print: (line) => lines.push(line) });
  await vi.waitFor(() => expect(lines).toEqual([expect.stringContaining("was not understood (TypeError)")]));
  expect(asked).toBe(1);
  await polling.stop();
});

it("fetches nothing while Telegram calls a webhook, and says so once", async () => {
  await fetch(`${bot.url}/bot${bot.token}/setWebhook`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ url: "https://gateway.example/webhooks/telegram" }),
  });
  await vi.waitFor(() => expect(printed.join()).toContain("npx vesper webhooks unset ends that"), 5_000);
});
