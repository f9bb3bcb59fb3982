import { describe, expect, it } from "vitest";
import { apiError, type ErrorCode, rateLimited } from "../../../../emulators/platforms/discord/errors.ts";
import { slashCommand } from "../../../../emulators/platforms/discord/interactions.ts";
import type { HttpRequest } from "../../../../lib/adapter/http/HttpClient.ts";
import { secret } from "../../../../lib/adapter/options.ts";
import { everythingIn, failureOf } from "../../../../lib/adapter/testing/failureOf.ts";
import { discord } from "../../../../lib/platforms/discord/discord.ts";
import { APP, discordCall, sceneOf, TOKEN } from "./discordCall.ts";
import { asked, fake, later, platform, services, shown, startDiscordForEach } from "./sendingStage.ts";

startDiscordForEach();

describe("discord, sending,", () => {
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
