import { API } from "@discordjs/core/http-only";
import { REST } from "@discordjs/rest";
import { afterEach, beforeEach, expect, it } from "vitest";
import { slashCommand } from "../../emulators/platforms/discord/interactions.ts";
import { type DiscordFake, startDiscordFake } from "../../emulators/platforms/discord/startDiscordFake.ts";
import { secret } from "../../lib/adapter/options.ts";
import type { OutboundChunk, Platform } from "../../lib/adapter/Platform.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { REGISTERED } from "../../lib/platforms/discord/commands.ts";
import { discord } from "../../lib/platforms/discord/discord.ts";
import { APP, discordCall, KEY, sceneOf, TOKEN } from "../unit/platforms/discord/discordCall.ts";

// What the adapter sends is what discord.js would send: method, path, authorisation and body.

const URL = "https://gateway.example.com/webhooks/discord";

let fake: DiscordFake;
let api: API;
let platform: Platform;
let services: ReturnType<typeof testServices>;
beforeEach(async () => {
  services = testServices();
  fake = await startDiscordFake({ app: APP, key: KEY, now: () => services.clock.now() });
  Object.assign(services.values, { KEY: KEY.publicKey, BOT: fake.botToken });
  api = new API(new REST({ version: "10", api: `${fake.url}/api` }).setToken(fake.botToken));
  platform = discord({ publicKey: secret("KEY"), token: secret("BOT"), apiBase: fake.apiBase }).create(services);
});
afterEach(() => fake.close());

async function chunkOf(index: number): Promise<OutboundChunk> {
  const at = services.clock.now();
  const interaction = slashCommand(sceneOf({ at, place: { kind: "server", channel: "100" } }), "ask", [
    { name: "text", type: 3, value: "Hi" },
  ]);
  fake.begin(interaction);
  fake.answered(TOKEN, 200, '{"type":5}');
  const { messages } = await platform.receive(discordCall(interaction, at));
  const { replyTo = null, messageId = "" } = messages[0] ?? {};
  const rest = { isLast: true, key: "k", session: "s", conversation: "c" };
  return { text: "Hello", index, replyTo, inReplyTo: messageId, ...rest };
}

/** What both sent, each once. */
async function both(ours: () => Promise<unknown>, theirs: () => Promise<unknown>) {
  const before = fake.requests.length;
  await ours();
  const own = fake.requests.slice(before).map(seen);
  await theirs();
  return [own, fake.requests.slice(before + own.length).map(seen)];
}

function seen({ method, path, headers, body }: DiscordFake["requests"][number]) {
  const { "content-type": type, authorization } = headers;
  // Where the token is in the path the library may show the bot's, too; Discord does not look at it.
  const by = path.includes("/webhooks/") ? undefined : authorization;
  return { method, path: decodeURIComponent(path), type, by, body: body === "" ? undefined : JSON.parse(body) };
}

const CONTENT = { content: "Hello", allowed_mentions: { parse: [] } };

it("edits an interaction's first message as discord.js does", async () => {
  const chunk = await chunkOf(0);
  const [ours, theirs] = await both(
    () => platform.send(chunk),
    () => api.interactions.editReply(APP, TOKEN, CONTENT),
  );
  expect(ours).toEqual(theirs);
});

it("sends the next ones as discord.js does", async () => {
  await platform.send(await chunkOf(0));
  const chunk = await chunkOf(1);
  const [ours, theirs] = await both(
    () => platform.send(chunk),
    () => api.interactions.followUp(APP, TOKEN, CONTENT),
  );
  expect(ours).toEqual(theirs);
});

it("deletes an interaction's first message as discord.js does", async () => {
  const { replyTo } = await chunkOf(0);
  const [ours, theirs] = await both(
    async () => platform.dismiss?.(replyTo),
    async () => {
      await chunkOf(0);
      await api.interactions.deleteReply(APP, TOKEN);
    },
  );
  expect(ours).toEqual(theirs);
});

it("writes as the bot as discord.js does", async () => {
  const chunk = await chunkOf(0);
  services.clock.set(services.clock.now() + 16 * 60_000);
  await platform.send(chunk);
  const { nonce } = JSON.parse(fake.requests.at(-1)?.body ?? "{}");
  expect(nonce).toMatch(/^\w{25}$/);
  const [ours, theirs] = await both(
    () => platform.send(chunk),
    () => api.channels.createMessage("100", { ...CONTENT, nonce, enforce_nonce: true }),
  );
  expect(ours).toEqual(theirs);
  expect(fake.messages).toHaveLength(1);
});

it("tells the address and the commands as discord.js does", async () => {
  const [ours, theirs] = await both(
    async () => platform.register?.(URL),
    async () => {
      const { id } = await api.applications.getCurrent();
      const address = { interactions_endpoint_url: URL, event_webhooks_url: URL };
      const types = ["APPLICATION_DEAUTHORIZED" as never];
      await api.applications.editCurrent({ ...address, event_webhooks_status: 2, event_webhooks_types: types });
      await api.applicationCommands.bulkOverwriteGlobalCommands(id, [...REGISTERED]);
    },
  );
  expect(ours).toEqual(theirs);
});
