import { afterEach, beforeEach, expect, it } from "vitest";
import type { PlatformSimulator } from "../../../emulators/platforms/PlatformSimulator.ts";
import { startSimulator } from "../../../emulators/platforms/telegram/simulator.ts";
import type { Platform } from "../../../lib/adapter/Platform.ts";
import { testServices } from "../../../lib/adapter/testing/testServices.ts";
import { secret } from "../../../lib/index.ts";
import { telegram } from "../../../lib/platforms/telegram/telegram.ts";
import { nodeHttpClient } from "../../../lib/runtime/nodeHttpClient.ts";
import { redirectingClient } from "../../../lib/runtime/redirectingClient.ts";

const OPTIONS = { token: secret("BOT_TOKEN"), secretToken: secret("BOT_SECRET") };

const URL = "https://gateway.example.com/webhooks/telegram";

let simulator: PlatformSimulator;
let platform: Platform;
beforeEach(async () => {
  simulator = await startSimulator(OPTIONS);
  const services = { ...testServices(simulator.secrets), http: redirectingClient(nodeHttpClient, simulator.url) };
  platform = telegram(OPTIONS).create(services);
  await platform.register?.(URL);
});
afterEach(() => simulator.close());

const ANN = { user: "ann", conversation: "ann", chatType: "dm" } as const;

async function receive(said: Parameters<PlatformSimulator["call"]>[0]) {
  const { messages } = await platform.receive(simulator.call(said, URL));
  return messages;
}

it("writes as somebody in a chat of their own, by true calls with the secret that the bot has set", async () => {
  const [first, second] = [await receive({ ...ANN, text: "hello" }), await receive({ ...ANN, text: "/new tell me" })];
  expect([first, second]).toMatchObject([
    [{ text: "hello", chat: { type: "dm" }, user: { name: "ann" } }],
    [{ text: "tell me", command: "new", chat: first[0]?.chat }],
  ]);
  expect(String(second[0]?.messageId) > String(first[0]?.messageId)).toBe(true);
});

it("marks whom a message in a group is for, and keeps a topic apart", async () => {
  const group = { user: "ann", conversation: "team", chatType: "group" } as const;
  expect(await receive({ ...group, text: "lunch?" })).toMatchObject([{ mentioned: false, chat: { type: "group" } }]);
  expect(await receive({ ...group, text: "@vesper_bot lunch?" })).toMatchObject([{ mentioned: true, text: "lunch?" }]);
  expect(await receive({ ...group, chatType: "thread", text: "hi" })).toMatchObject([{ chat: { type: "thread" } }]);
});

it("tells what the bot has sent by the chats' names, whole", async () => {
  const [message] = await receive({ ...ANN, text: "hello" });
  const sending = { index: 0, isLast: true, key: "k", session: "s", conversation: "c" };
  await platform.send({ ...sending, text: "**Hello** to you", replyTo: message?.replyTo ?? null });
  await platform.send({ ...sending, text: "and you", replyTo: { chat: 5 } });
  expect(simulator.sent()).toMatchObject([
    { conversation: "ann", text: "Hello to you", body: { entities: [{ type: "bold", offset: 0, length: 5 }] } },
    { conversation: "5", text: "and you" },
  ]);
});

it("takes no token but its own", async () => {
  const services = {
    ...testServices({ BOT_TOKEN: "123456:another" }),
    http: redirectingClient(nodeHttpClient, simulator.url),
  };
  const other = telegram({ token: secret("BOT_TOKEN") }).create(services);
  await expect(other.register?.(URL)).rejects.toThrow(/401|Unauthorized/);
});

it.each([
  [4711, 200],
  ["-1001234567890", 200],
  ["ann", 400],
  [1.5, 400],
])("takes the chat %j as the Bot API does, as a number or its text: %i", async (chat_id, status) => {
  const token = simulator.secrets[OPTIONS.token.secret];
  const response = await fetch(`${simulator.url}/bot${token}/sendMessage`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ chat_id, text: "hello" }),
  });
  expect(response.status).toBe(status);
});
