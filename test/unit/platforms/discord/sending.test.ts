import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiError, type ErrorCode, rateLimited } from "../../../../emulators/platforms/discord/errors.ts";
import { type Place, slashCommand } from "../../../../emulators/platforms/discord/interactions.ts";
import { type DiscordFake, startDiscordFake } from "../../../../emulators/platforms/discord/startDiscordFake.ts";
import type { HttpRequest } from "../../../../lib/adapter/http/HttpClient.ts";
import { secret } from "../../../../lib/adapter/options.ts";
import type { OutboundChunk, Platform } from "../../../../lib/adapter/Platform.ts";
import { everythingIn, failureOf } from "../../../../lib/adapter/testing/failureOf.ts";
import { type TestServices, testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { discord } from "../../../../lib/platforms/discord/discord.ts";
import { APP, discordCall, KEY, sceneOf, TOKEN } from "./discordCall.ts";

const MINUTE = 60_000;

const SERVER: Place = { kind: "server", channel: "100" };

let fake: DiscordFake;
let services: TestServices;
let platform: Platform;
beforeEach(async () => {
  fake = await startDiscordFake({ app: APP, key: KEY, now: () => services.clock.now() });
  services = testServices({ KEY: KEY.publicKey, BOT: fake.botToken });
  platform = makePlatform();
});
afterEach(() => fake.close());

function makePlatform(hasBot = true): Platform {
  const options = { publicKey: secret("KEY"), apiBase: fake.apiBase };
  return discord(hasBot ? { ...options, token: secret("BOT") } : options).create(services);
}

/** Somebody gives a command, and Discord reads that it is put off. Answers what a reply to it is like. */
async function asked(place: Place = SERVER, isRead = true): Promise<OutboundChunk> {
  const at = services.clock.now();
  const interaction = slashCommand(sceneOf({ at, place }), "ask", [{ name: "text", type: 3, value: "Hi" }]);
  fake.begin(interaction);
  const { messages, response } = await platform.receive(discordCall(interaction, at));
  if (isRead) fake.answered(interaction.token, response?.status ?? 0, response?.body ?? "");
  const { replyTo = null, messageId = "" } = messages[0] ?? {};
  const rest = { isLast: true, key: "k", session: "s", conversation: "c" };
  return { text: "Hello", index: 0, replyTo, inReplyTo: messageId, ...rest };
}

const shown = () => fake.messages.map(({ by, content }) => [by, content]);
const later = (minutes: number) => services.clock.set(services.clock.now() + minutes * MINUTE);

describe("discord, sending,", () => {
  it("puts the first piece in place of 'is thinking', and the others behind it", async () => {
    const chunk = await asked();
    const ids = [await platform.send(chunk), await platform.send({ ...chunk, index: 1, text: "there", key: "k1" })];
    expect(shown()).toEqual([
      ["original", "Hello"],
      ["follow-up", "there"],
    ]);
    expect(ids).toEqual(fake.messages.map(({ id }) => id));
  });

  it("lets nobody be pinged by what a model writes", async () => {
    const chunk = await asked();
    await platform.send({ ...chunk, text: "@everyone" });
    await platform.send({ ...chunk, text: "@here", index: 1 });
    later(16);
    await platform.send({ ...chunk, text: "<@1>" });
    const bodies = fake.requests.map(({ body }) => JSON.parse(body));
    expect(bodies.map(({ allowed_mentions: mentions }) => mentions)).toEqual(Array(3).fill({ parse: [] }));
  });

  it("replaces no answer by what answers something else, as a post of an operator's", async () => {
    const chunk = await asked();
    await platform.send(chunk);
    await platform.send({ ...chunk, text: "News", inReplyTo: "a post" });
    expect(shown()).toEqual([
      ["original", "Hello"],
      ["follow-up", "News"],
    ]);
  });

  it("replaces a notice by the answer that it announced", async () => {
    const chunk = await asked();
    await platform.send({ ...chunk, text: "It takes longer", isLast: false });
    await platform.send(chunk);
    expect(shown()).toEqual([["original", "Hello"]]);
  });

  it("sends behind what somebody has deleted, and as the bot where that was 'is thinking'", async () => {
    const chunk = await asked();
    await platform.send({ ...chunk, text: "It takes longer", isLast: false });
    fake.deleteOriginal(TOKEN);
    await platform.send(chunk);
    const next = await asked();
    fake.deleteOriginal(TOKEN);
    await platform.send(next);
    expect(shown()).toEqual([
      ["follow-up", "Hello"],
      ["bot", "Hello"],
    ]);
  });

  it("takes 'is thinking' away where there is no answer", async () => {
    const { replyTo } = await asked();
    expect(fake.isThinking(TOKEN)).toBe(true);
    await platform.dismiss?.(replyTo);
    expect([fake.isThinking(TOKEN), shown()]).toEqual([false, []]);
    await expect(platform.dismiss?.(replyTo)).rejects.toMatchObject({ kind: "gone" });
  });

  it("tries again where Discord has not read yet that the answer comes later", async () => {
    const chunk = await asked(SERVER, false);
    expect(await failureOf(platform.send(chunk))).toMatchObject({ kind: "transient", status: 404 });
    fake.answered(TOKEN, 200, '{"type":5}');
    await platform.send(chunk);
    expect(shown()).toEqual([["original", "Hello"]]);
  });

  it("writes as the bot where the interaction's call was answered too late", async () => {
    const chunk = await asked(SERVER, false);
    later(0.1);
    fake.answered(TOKEN, 200, '{"type":5}');
    later(1);
    await platform.send(chunk);
    expect(shown()).toEqual([["bot", "Hello"]]);
  });

  it("writes as the bot after fifteen minutes, once whatever is repeated", async () => {
    const chunk = await asked();
    later(16);
    fake.failNext(1, "lost-ack");
    expect(await failureOf(platform.send(chunk))).toMatchObject({ kind: "transient", outcome: "unknown" });
    await platform.send(chunk);
    await platform.send({ ...chunk, text: "more", index: 1, key: "k1" });
    expect(shown()).toEqual([
      ["bot", "Hello"],
      ["bot", "more"],
    ]);
  });

  it("asks nobody after fifteen minutes where the bot can't write, or there is none", async () => {
    for (const [by, place] of [
      [makePlatform(false), SERVER],
      [platform, { kind: "group-dm", channel: "102" }],
    ] as const) {
      const chunk = await asked(place);
      later(16);
      const failure = await failureOf(by.send(chunk));
      expect(failure).toMatchObject({ kind: "gone", outcome: "not-sent", chatIsGone: false });
    }
    expect(fake.requests).toEqual([]);
  });

  it("gives up behind the five messages that an app of one user alone may send", async () => {
    const chunk = await asked({ kind: "server", channel: "100", userInstalled: true });
    for (let index = 0; index < 6; index++) await platform.send({ ...chunk, index });
    expect(await failureOf(platform.send({ ...chunk, index: 6 }))).toMatchObject({ kind: "gone" });
    expect(shown()).toHaveLength(6);
  });

  it.each([
    [10003, "gone", true],
    [50001, "gone", true],
    [50007, "gone", false],
    [50013, "gone", false],
    [160005, "gone", false],
    [40004, "transient", false],
    [200000, "invalid", false],
  ] as const)("takes the code %s for %s", async (code, kind, chatIsGone) => {
    const chunk = await asked();
    later(16);
    fake.closeChannel("100", code);
    const failure = await failureOf(platform.send(chunk));
    expect(failure).toMatchObject({ kind, chatIsGone, message: expect.stringContaining(`(${code})`) });
  });

  it.each([10062, 50027] as const)(
    "takes the code %s for a token that is over, and writes as the bot",
    async (code) => {
      const chunk = await asked();
      later(1);
      fake.failNext(1, apiError(code satisfies ErrorCode));
      await platform.send(chunk);
      expect(shown()).toEqual([["bot", "Hello"]]);
    },
  );

  it("waits as long as Discord asks, to the millisecond, also where a proxy of Discord's answers without a body", async () => {
    const chunk = await asked();
    fake.failNext(1, rateLimited(0.349));
    expect(await failureOf(platform.send(chunk))).toMatchObject({ kind: "throttled", retryAfter: 349 });
    fake.failNext(1, rateLimited(64.57, true));
    expect(await failureOf(platform.send(chunk))).toMatchObject({ kind: "throttled", retryAfter: 64_570 });
    fake.failNext(1, { status: 429, headers: { "retry-after": "2" }, body: "<html>blocked</html>" });
    expect(await failureOf(platform.send(chunk))).toMatchObject({ kind: "throttled", retryAfter: 2_000 });
  });

  it("says which field Discord refuses, and drops that piece alone", async () => {
    const failure = await failureOf(platform.send({ ...(await asked()), text: "é".repeat(2_001) }));
    expect(failure).toMatchObject({ kind: "invalid", message: expect.stringContaining("(50035)") });
    expect(failure.message).toContain("content: Must be 2000 or fewer in length.");
  });

  it("reads no end of what an error says in depth", async () => {
    const deep = `{"message":"Invalid Form Body","code":50035,"errors":${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}}`;
    fake.failNext(1, { status: 400, body: deep });
    const failure = await failureOf(platform.send(await asked()));
    expect(failure).toMatchObject({ kind: "invalid", message: "Discord answered 400 (50035): Invalid Form Body" });
    fake.failNext(1, {
      status: 400,
      body: '{"message":"No","code":50035,"errors":{"a":{"b":{"_errors":[{"message":"why"}]}}}}',
    });
    expect((await failureOf(platform.send(await asked()))).message).toContain("No (a.b: why)");
  });

  it("calls Discord itself where the config says nothing else, as a program that Discord lets in", async () => {
    const sent: HttpRequest[] = [];
    const http = {
      send: async (request: HttpRequest) => {
        sent.push(request);
        return { status: 200, headers: {}, text: '{"id":"1"}' };
      },
    };
    const { send } = discord({ publicKey: secret("KEY") }).create({ ...services, http });
    await send(await asked());
    expect(sent).toMatchObject([
      {
        url: `https://discord.com/api/v10/webhooks/${APP}/${TOKEN}/messages/@original`,
        headers: { "user-agent": expect.stringMatching(/^DiscordBot \(/) },
        idempotent: true,
      },
    ]);
    expect(sent[0]?.headers).not.toHaveProperty("authorization");
  });

  it("takes an address that is none for a matter of the config", async () => {
    const { send } = discord({ publicKey: secret("KEY"), apiBase: `${fake.url}/elsewhere` }).create(services);
    expect(await failureOf(send(await asked()))).toMatchObject({ kind: "auth" });
    for (const status of [404, 405]) {
      fake.failNext(1, { status, body: JSON.stringify({ message: `${status}: Not Found`, code: 0 }) });
      expect(await failureOf(platform.send(await asked()))).toMatchObject({ kind: "auth", status });
    }
    fake.failNext(1, { status: 200, body: "<html>" });
    expect(await failureOf(platform.send(await asked()))).toMatchObject({ kind: "transient", status: 200 });
  });

  it("shows no token in an error, even where the other side repeats it", async () => {
    const chunk = await asked();
    const body = JSON.stringify({ message: `no webhook ${TOKEN} for ${fake.botToken}`, code: 0 });
    fake.failNext(2, { status: 400, body });
    const first = await failureOf(platform.send(chunk));
    later(16);
    for (const error of [first, await failureOf(platform.send(chunk))]) {
      expect(error.message).toContain("<secret>");
      expect(everythingIn(error).includes(error === first ? TOKEN : fake.botToken)).toBe(false);
    }
  });

  it("writes a token into a path so that it stays one part of it", async () => {
    const at = services.clock.now();
    const interaction = slashCommand(sceneOf({ at, token: "a/../b=?#" }), "help");
    fake.begin(interaction);
    fake.answered(interaction.token, 200, '{"type":5}');
    const { messages } = await platform.receive(discordCall(interaction, at));
    const { replyTo = null, messageId = "" } = messages[0] ?? {};
    const rest = { isLast: true, key: "k", session: "s", conversation: "c" };
    await failureOf(platform.send({ text: "Hello", index: 0, replyTo, inReplyTo: messageId, ...rest }));
    expect(fake.requests[0]?.path).toBe(`/api/v10/webhooks/${APP}/a%2F..%2Fb%3D%3F%23/messages/@original`);
  });

  it("tells a bot's token that is none from a message that is wrong", async () => {
    const chunk = await asked();
    later(16);
    services.values.BOT = "Bot abc";
    expect(await failureOf(platform.send(chunk))).toMatchObject({ kind: "auth", outcome: "not-sent" });
    expect(await failureOf(platform.send({ ...chunk, replyTo: { chat: 1 } }))).toMatchObject({ kind: "invalid" });
  });
});
