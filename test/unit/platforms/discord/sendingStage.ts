import { afterEach, beforeEach } from "vitest";
import { type Place, slashCommand } from "../../../../emulators/platforms/discord/interactions.ts";
import { type DiscordFake, startDiscordFake } from "../../../../emulators/platforms/discord/startDiscordFake.ts";
import { secret } from "../../../../lib/adapter/options.ts";
import type { OutboundChunk, Platform } from "../../../../lib/adapter/Platform.ts";
import { type TestServices, testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { discord } from "../../../../lib/platforms/discord/discord.ts";
import { APP, discordCall, KEY, sceneOf } from "./discordCall.ts";

const MINUTE = 60_000;

export const SERVER: Place = { kind: "server", channel: "100" };

export let fake: DiscordFake;
export let services: TestServices;
export let platform: Platform;

/** Each test of the file has a fake of its own, and the platform that talks to it. */
export function startDiscordForEach(): void {
  beforeEach(async () => {
    fake = await startDiscordFake({ app: APP, key: KEY, now: () => services.clock.now() });
    services = testServices({ KEY: KEY.publicKey, BOT: fake.botToken });
    platform = makePlatform();
  });
  afterEach(() => fake.close());
}

export function makePlatform(hasBot = true): Platform {
  const options = { publicKey: secret("KEY"), apiBase: fake.apiBase };
  return discord(hasBot ? { ...options, token: secret("BOT") } : options).create(services);
}

/** Somebody gives a command, and Discord reads that it is put off. Answers what a reply to it is like. */
export async function asked(place: Place = SERVER, isRead = true): Promise<OutboundChunk> {
  const at = services.clock.now();
  const interaction = slashCommand(sceneOf({ at, place }), "ask", [{ name: "text", type: 3, value: "Hi" }]);
  fake.begin(interaction);
  const { messages, response } = await platform.receive(discordCall(interaction, at));
  if (isRead) fake.answered(interaction.token, response?.status ?? 0, response?.body ?? "");
  const { replyTo = null, messageId = "" } = messages[0] ?? {};
  const rest = { isLast: true, key: "k", session: "s", conversation: "c" };
  return { text: "Hello", index: 0, replyTo, inReplyTo: messageId, ...rest };
}

export const shown = () => fake.messages.map(({ by, content }) => [by, content]);
export const later = (minutes: number) => services.clock.set(services.clock.now() + minutes * MINUTE);
