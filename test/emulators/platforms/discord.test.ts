import { RESTJSONErrorCodes } from "discord-api-types/v10";
import { afterEach, beforeEach, expect, it } from "vitest";
import { apiError, type ErrorCode } from "../../../emulators/platforms/discord/errors.ts";
import { createApplicationKey } from "../../../emulators/platforms/discord/interactions.ts";
import { startSimulator } from "../../../emulators/platforms/discord/simulator.ts";
import type { PlatformSimulator } from "../../../emulators/platforms/PlatformSimulator.ts";
import type { Platform } from "../../../lib/adapter/Platform.ts";
import { testServices } from "../../../lib/adapter/testing/testServices.ts";
import { secret } from "../../../lib/index.ts";
import { discord } from "../../../lib/platforms/discord/discord.ts";
import { nodeHttpClient } from "../../../lib/runtime/nodeHttpClient.ts";
import { redirectingClient } from "../../../lib/runtime/redirectingClient.ts";

const OPTIONS = { publicKey: secret("KEY"), token: secret("BOT") };

const URL = "https://gateway.example.com/webhooks/discord";

let simulator: PlatformSimulator;
let platform: Platform;
beforeEach(async () => {
  simulator = await startSimulator(OPTIONS);
  platform = platformWith(simulator.secrets);
});
afterEach(() => simulator.close());

function platformWith(secrets: Readonly<Record<string, string>>): Platform {
  const services = { ...testServices({ ...secrets }), http: redirectingClient(nodeHttpClient, simulator.url) };
  return discord(OPTIONS).create(services);
}

async function receive(text: string, chatType: "dm" | "group" | "thread" = "dm") {
  const { messages } = await platform.receive(
    simulator.call({ user: "ann", conversation: "lunch", chatType, text }, URL),
  );
  return messages[0];
}

const sending = { index: 0, isLast: true, key: "k", session: "s", conversation: "c" };

it("writes as somebody by true signed commands: what is no command of the bot's stands behind /ask", async () => {
  await platform.register?.(URL);
  const [first, second] = [await receive("hello"), await receive("/new tell me")];
  expect(first).toMatchObject({ text: "hello", chat: { type: "dm" }, user: { name: "ann" } });
  expect(second).toMatchObject({ text: "tell me", command: "new", chat: first?.chat });
  expect(await receive("/memory off")).toMatchObject({ text: "off", command: "memory" });
  expect(String(second?.messageId) > String(first?.messageId)).toBe(true);
  expect((await receive("hi", "group"))?.chat.type).toBe("group");
  expect((await receive("hi", "thread"))?.chat.type).toBe("thread");
});

it("tells what the bot has sent by the chats' names", async () => {
  const message = await receive("hello", "group");
  const reply = { ...sending, replyTo: message?.replyTo ?? null };
  await platform.send({ ...reply, text: "Hello to you", inReplyTo: message?.messageId ?? "" });
  await platform.send({ ...reply, text: "and more", index: 1, isLast: true });
  expect(simulator.sent()).toMatchObject([
    { conversation: "lunch", text: "Hello to you", body: { by: "original", allowed_mentions: { parse: [] } } },
    { conversation: "lunch", text: "and more", body: { by: "follow-up" } },
  ]);
});

it("takes no key and no token but its own", async () => {
  const { publicKey } = createApplicationKey();
  const call = simulator.call({ user: "ann", conversation: "lunch", chatType: "dm", text: "hi" }, URL);
  await expect(platformWith({ ...simulator.secrets, KEY: publicKey }).receive(call)).rejects.toMatchObject({
    status: 401,
  });
  const BOT = `${simulator.secrets.BOT}x`;
  await expect(platformWith({ ...simulator.secrets, BOT }).register?.(URL)).rejects.toThrow("401: Unauthorized");
});

it("refuses with codes that Discord's own list has", () => {
  const codes: readonly ErrorCode[] = [
    ...([10003, 10004, 10008, 10015, 10062, 40004, 40094, 50001, 50006, 50007, 50013, 50027, 50083] as const),
    ...([160005, 200000] as const),
  ];
  for (const code of codes) {
    expect(RESTJSONErrorCodes[code], String(code)).toBeTypeOf("string");
    expect(JSON.parse(apiError(code).body ?? "")).toMatchObject({ code });
  }
});
