import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createApplicationKey, signCall } from "../../emulators/platforms/discord/interactions.ts";
import { type DiscordFake, startDiscordFake } from "../../emulators/platforms/discord/startDiscordFake.ts";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { AgentInput } from "../../lib/adapter/Agent.ts";
import { strictFields } from "../../lib/adapter/schema/strictFields.ts";
import type { ConfigInput } from "../../lib/config/defineConfig.ts";
import { secret } from "../../lib/index.ts";
import { discord } from "../../lib/platforms/discord/discord.ts";
import { discordChat } from "../harness/discordChat.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { queueDepth } from "../harness/rows.ts";

const SERVER = { place: { kind: "server", channel: "100" } } as const;

describe("the gateway on Discord", () => {
  const key = createApplicationKey();
  let harness: GatewayHarness;
  let fake: DiscordFake;
  let chat: ReturnType<typeof discordChat>;
  const asked: AgentInput[] = [];
  beforeEach(async () => {
    fake = await startDiscordFake({ key, now: () => harness.clock.now() });
    harness = await startGatewayHarness("2026-03-02T10:00:00Z", {
      DISCORD_KEY: key.publicKey,
      DISCORD_BOT: fake.botToken,
    });
    chat = discordChat(harness, fake);
    asked.length = 0;
    deploy();
  });
  afterEach(async () => {
    await harness.stop();
    await fake.close();
  });

  /** From now on the agent answers so, and Discord is the platform. */
  function deploy(
    config: Partial<ConfigInput> = {},
    reply: (input: AgentInput) => Promise<string | undefined> = async ({ text }) => `You said: ${text}`,
  ) {
    const agent = defineAdapter("agent", "talker", strictFields({}), () => ({
      reply: (input) => {
        asked.push(input);
        return reply(input);
      },
    }));
    const options = { publicKey: secret("DISCORD_KEY"), token: secret("DISCORD_BOT"), apiBase: fake.apiBase };
    harness.deploy({ platforms: { discord: discord(options) }, agent: agent(), ...config });
  }

  it("puts a command off and answers it in place, by its token", async () => {
    expect(await chat.give("ask", "Hello", SERVER)).toEqual({ status: 200, answer: { type: 5 } });
    expect(chat.shown()).toEqual([["original", "You said: Hello"]]);
    expect(asked).toMatchObject([
      { text: "Hello", user: { id: "4711", name: "Ana" }, chat: { id: "100", type: "group" } },
    ]);
  });

  it("makes one turn and one answer of a command that comes twice", async () => {
    const interaction = chat.command("ask", "Hello");
    await chat.deliver(interaction);
    await harness.settle();
    await chat.deliver(interaction);
    await harness.settle();
    expect(await chat.turns()).toHaveLength(1);
    expect(chat.shown()).toEqual([["original", "You said: Hello"]]);
  });

  it("L1 ends a session by /reset, and its memory gets all of it", async () => {
    await chat.give("ask", "I like tea");
    await chat.give("reset");
    expect(chat.shown().at(-1)).toEqual(["original", "Done: a new conversation begins."]);
    expect(harness.delivered()).toMatchObject([
      { messages: [{ content: "I like tea" }, { content: "You said: I like tea" }] },
    ]);
  });

  it("begins anew with what stands behind /new, and answers it", async () => {
    await chat.give("ask", "I like tea");
    await chat.give("new", "What now?");
    expect(chat.shown().at(-1)).toEqual(["original", "You said: What now?"]);
    expect(asked.at(-1)?.history).toEqual([]);
  });

  it("takes the memory switch, and answers it so that in a server its user alone sees it", async () => {
    await chat.give("memory", "off", SERVER);
    expect(fake.messages).toMatchObject([{ content: expect.stringContaining("Memory is off"), isEphemeral: true }]);
  });

  it("gives the agent what stands in another's message as what is asked about", async () => {
    await chat.deliver(chat.menu("Explain this", { content: "E = mc²", author: "Ben" }));
    await harness.settle();
    expect(asked).toMatchObject([{ parts: { text: "Explain this", quoted: { text: "E = mc²", author: "Ben" } } }]);
  });

  it("sends a long answer in pieces behind the first", async () => {
    deploy({}, async () => "word ".repeat(900));
    await chat.give("ask", "Tell me all");
    expect(fake.messages.map(({ by }) => by)).toEqual(["original", "follow-up", "follow-up"]);
    expect(fake.messages.map(({ content }) => content).join(" ")).toBe("word ".repeat(900).trim());
  });

  it("shows an answer in its place while it is written", async () => {
    deploy({}, async ({ show }) => {
      show?.("Let me");
      await sleep(1_000);
      expect(chat.shown()).toEqual([["original", "Let me"]]);
      return "Let me see.";
    });
    await chat.give("ask", "Which?");
    expect(chat.shown()).toEqual([["original", "Let me see."]]);
  });

  it("answers once what failed for a while", async () => {
    const interaction = chat.command("ask", "Hello");
    fake.failNext(1, 503);
    await chat.deliver(interaction);
    await harness.settle();
    harness.advance("10s");
    await harness.settle();
    expect(chat.shown()).toEqual([["original", "You said: Hello"]]);
    expect(asked).toHaveLength(1);
  });

  it("T3 answers as the bot what Discord took back for more than fifteen minutes", async () => {
    fake.failNext(1, 429, { "retry-after": "1000" });
    await chat.give("ask", "Hello", SERVER);
    expect(chat.shown()).toEqual([]);
    harness.advance("17m");
    await harness.settle();
    expect(chat.shown()).toEqual([["bot", "You said: Hello"]]);
  });

  it("notes with the turn what could not be answered in time where the bot can't write, and calls nobody", async () => {
    fake.failNext(1, 429, { "retry-after": "1000" });
    await chat.give("ask", "Hello", { place: { kind: "group-dm", channel: "102" } });
    harness.advance("17m");
    await harness.settle();
    expect(fake.requests).toHaveLength(1);
    expect(await chat.turns()).toMatchObject([{ undelivered: { kind: "gone" } }]);
  });

  it("tells whom the config does not let in, so that they alone see it, and asks nobody", async () => {
    deploy({ access: { discord: { users: ["1"] } } });
    const { answer } = await chat.give("ask", "Hello", SERVER);
    expect(answer).toMatchObject({ type: 4, data: { flags: 64 } });
    expect(fake.messages).toMatchObject([{ by: "original", isEphemeral: true }]);
    expect([asked, await queueDepth(harness, harness.wiring.queues.inbound)]).toEqual([[], 0]);
  });

  it("leaves nobody waiting who may not talk yet, nor where the agent has nothing to say", async () => {
    deploy({ access: { discord: { others: "pair" } } });
    const unknown = chat.command("ask", "Hello", SERVER);
    await chat.deliver(unknown);
    await harness.settle();
    expect([fake.isThinking(unknown.token), chat.shown()]).toEqual([false, []]);

    await chat.give("ask", "Hello");
    expect(chat.shown()).toEqual([["original", expect.stringContaining("Tell this code to whoever runs me")]]);
    const again = chat.command("ask", "Hello?");
    await chat.deliver(again);
    await harness.settle();
    expect(fake.isThinking(again.token)).toBe(false);
    expect(asked).toEqual([]);

    deploy({}, async () => undefined);
    const unanswered = chat.command("ask", "Hello");
    await chat.deliver(unanswered);
    await harness.settle();
    expect([fake.isThinking(unanswered.token), asked.length]).toEqual([false, 1]);
    expect(fake.messages).toHaveLength(1);
  });

  it("lets nothing fail where that can't be taken away", async () => {
    deploy({}, async () => undefined);
    fake.failNext(1, 500);
    await chat.give("ask", "Hello");
    expect(harness.logged.map(({ event }) => event)).toContain("dismiss.failed");
    expect(await queueDepth(harness, harness.wiring.queues.inbound)).toBe(0);
  });

  it("refuses what Discord has not signed, as Discord tries out", async () => {
    const refused = await chat.deliver(chat.command("ask", "Hello"), createApplicationKey());
    expect(refused).toMatchObject({ status: 401, answer: { title: "Unauthorized" } });
    await harness.settle();
    expect(asked).toEqual([]);
  });

  it("L6 ends the session of a user who takes the app off their account, under every policy", async () => {
    deploy({ sessions: { default: "none" } });
    await chat.give("ask", "I like tea");
    harness.advance("1d");
    const user = { id: "4711", username: "ana", global_name: "Ana" };
    const timestamp = new Date(harness.clock.now()).toISOString().slice(0, -1);
    const event = { type: "APPLICATION_DEAUTHORIZED", timestamp, data: { user } };
    const { status } = await postEvent({ version: 1, application_id: fake.app, type: 1, event });
    await harness.settle();
    expect(status).toBe(204);
    expect(harness.delivered()).toMatchObject([{ messages: [{ content: "I like tea" }, {}] }]);
  });

  async function postEvent(event: object) {
    const { headers, body } = signCall(key, JSON.stringify(event), harness.clock.now());
    const { statusCode } = await harness.post("discord", body, { ...headers });
    return { status: statusCode };
  }

  it("ends the session of a channel that is gone, when it finds it so", async () => {
    deploy({ sessions: { default: "none" } });
    await chat.give("ask", "I like tea", SERVER);
    fake.failNext(1, 429, { "retry-after": "1000" });
    await chat.give("ask", "and cake", SERVER);
    fake.closeChannel("100", 10003);
    harness.advance("17m");
    await harness.settle();
    expect(harness.delivered()).toHaveLength(1);
  });

  it("writes no token into its log, even where Discord repeats it", async () => {
    const interaction = chat.command("ask", "Hello");
    fake.failNext(1, { status: 400, body: JSON.stringify({ message: `no ${interaction.token}`, code: 1 }) });
    await chat.deliver(interaction);
    await harness.settle();
    const log = harness.lines.join("\n");
    expect(log).toContain("Discord answered 400 (1): no <secret>");
    expect(log.includes(interaction.token)).toBe(false);
  });
});
