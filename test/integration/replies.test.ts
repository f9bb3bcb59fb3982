import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { AgentInput } from "../../lib/adapter/Agent.ts";
import type { Message } from "../../lib/domain/Message.ts";
import type { Turn } from "../../lib/domain/Turn.ts";
import { listFailedReplies } from "../../lib/operator/failedReplies.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { hookRows, queueDepth, sessionRows, turnRows } from "../harness/rows.ts";
import { SECRET_HEADERS, updateOf } from "../harness/telegram.ts";

describe("a reply", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  it("T3 goes out once when the platform is back, and the agent is not asked again", async () => {
    harness.replies.setMode(503);
    await harness.chat("hello");
    await seconds(20);
    expect(harness.replies.effects).toEqual([]);
    const [session] = await sessionRows(harness);
    expect(await turnRows(harness, session?.session ?? "")).toMatchObject([{ reply: "You said: hello" }]);

    harness.replies.setMode("ok");
    await seconds(30);

    expect(harness.replies.received.map(({ body }) => body.text)).toEqual(["You said: hello"]);
    expect(await turnRows(harness, session?.session ?? "")).toHaveLength(1);
  });

  it("T3 goes out under one id when the platform took it but was not heard", async () => {
    harness.replies.failNext(1, "lost-ack");
    await harness.chat("hello");
    await seconds(10);

    expect(harness.replies.received).toHaveLength(2);
    expect(harness.replies.effects.map(({ body }) => body.text)).toEqual(["You said: hello"]);
    expect(harness.replies.conflicts).toEqual([]);
  });

  it("is given up for good at a 410, which is noted at the turn, and the next message is answered", async () => {
    harness.replies.failNext(1, 410);
    expect(await harness.chat("hello")).toEqual([]);
    await seconds(30);
    expect(harness.replies.requests).toHaveLength(1);

    const turn = await onlyTurn();
    expect(turn).not.toHaveProperty("reply");
    expect(turn.undelivered).toMatchObject({ kind: "gone", pieces: [{ index: 0, text: "You said: hello" }] });
    expect(await failedReplies()).toEqual([]);
    expect(await harness.chat("and now?")).toEqual(["You said: and now?"]);
    await harness.chat("/reset");
    expect(harness.delivered()).toMatchObject([{ turns: 2 }]);
  });

  // A receiver that is being deployed answers so for a moment; nothing of it is about the reply.
  it.each([[400], [404], [405], [413], [421], [422], [302]])(
    "goes out once after a momentary %s of a program",
    async (status) => {
      harness.replies.failNext(1, status);
      expect(await harness.chat("hello")).toEqual([]);
      await seconds(5);
      expect(harness.replies.requests).toHaveLength(2);
      expect(harness.replies.effects.map(({ body }) => body.text)).toEqual(["You said: hello"]);
      expect(await onlyTurn()).not.toHaveProperty("undelivered");
    },
  );

  it.each([[404], [503], [401], [403]])(
    "T3 is left to an operator after a %s for more than eight minutes, without a DLQ message, and the conversation goes on",
    async (status) => {
      harness.replies.setMode(status);
      await harness.chat("hello");
      await harness.say("are you there?");
      for (let tries = 0; tries < 9; tries++) {
        harness.advance("2m");
        await harness.settle();
      }
      const requests = harness.replies.requests.length;
      expect(requests).toBeGreaterThanOrEqual(10);
      harness.replies.setMode("ok");
      harness.advance("2m");
      await harness.settle();
      expect(harness.replies.effects.map(({ body }) => body.text)).toEqual(["You said: are you there?"]);
      expect(await queueDepth(harness, harness.wiring.queues.inboundDead)).toBe(0);
      expect(await failedReplies()).toMatchObject([
        { text: "hello", undelivered: { kind: expect.any(String), pieces: [{ index: 0, text: "You said: hello" }] } },
      ]);
      expect(harness.measured.filter(({ name }) => name === "ReplyUnsent")).toHaveLength(1);

      await harness.chat("/reset");
      expect(harness.delivered()[0].messages.map(({ content }: { content: string }) => content)).toEqual([
        "hello",
        "are you there?",
        "You said: are you there?",
      ]);
    },
    120_000,
  );

  it("keeps a wait of hours that the platform asks for: no call, no try and no DLQ message, and then it goes on", async () => {
    harness.bot.failNext(1, 429, { "retry-after": "21600" });
    await telegram("Are you there?", 1);
    await telegram("Hello?", 2);
    await harness.settle();
    expect(harness.bot.requests).toHaveLength(1);
    for (let minutes = 0; minutes < 359; minutes += 15) {
      harness.advance("14m");
      await harness.settle();
    }
    expect(harness.bot.requests).toHaveLength(1);

    harness.advance("30m");
    await harness.settle();
    expect(harness.bot.sent.map(({ text }) => text)).toEqual(["You said: Are you there?", "You said: Hello?"]);
    expect(await queueDepth(harness, harness.wiring.queues.inboundDead)).toBe(0);
  });

  it("keeps a wait of twelve hours, for which the queue has to hide the message twice", async () => {
    harness.bot.failNext(1, 429, { "retry-after": "43200" });
    await telegram("Are you there?", 1);
    await harness.settle();
    harness.advance("719m");
    await harness.settle();
    expect(harness.bot.requests).toHaveLength(1);
    harness.advance("16m");
    await harness.settle();
    expect(harness.bot.sent).toHaveLength(1);
  });

  it("is left to an operator at a wait of more than twelve hours, and no reply of the session calls before that is over", async () => {
    harness.deploy({ sessions: { default: "none" } });
    harness.bot.failNext(1, 429, { "retry-after": "86400" });
    await telegram("Are you there?", 1);
    await telegram("Hello?", 2);
    await harness.settle();
    harness.advance("13h");
    await telegram("Anybody?", 3);
    await harness.settle();
    expect(harness.bot.requests).toHaveLength(1);
    expect(await failedReplies()).toHaveLength(2);

    harness.advance("662m");
    await harness.settle();
    expect(harness.bot.sent.map(({ text }) => text)).toEqual(["You said: Anybody?"]);
    expect(await failedReplies()).toMatchObject([{ text: "Hello?" }, { text: "Are you there?" }]);
  });

  it("loses alone the piece that is refused for itself, and the turn says which", async () => {
    talk(Array.from({ length: 4 }, (_, part) => `part ${part + 1} ${"word ".repeat(700)}`).join("\n\n"));
    harness.bot.passNext(1);
    harness.bot.failNext(1, 400);
    await telegram("Tell me all", 70015);
    await harness.settle();

    expect(harness.bot.sent.map(({ text }) => text.slice(0, 6))).toEqual(["part 1", "part 3", "part 4"]);
    expect(harness.bot.requests).toHaveLength(4);
    const turn = await onlyTurn();
    expect(turn.undelivered).toMatchObject({
      kind: "invalid",
      pieces: [{ index: 1, text: expect.stringMatching(/^part 2/) }],
    });
    expect(turn.reply).toBe(harness.bot.sent.map(({ text }) => text).join("\n"));
    expect(await failedReplies()).toEqual([]);
  });

  it("is told neither to memory nor to the agent as said when nobody received it; what arrived of it is", async () => {
    const asked: AgentInput[] = [];
    talk(Array.from({ length: 3 }, (_, part) => `part ${part + 1} ${"word ".repeat(700)}`).join("\n\n"), asked);
    harness.bot.refuse(4711, 403, "Forbidden: the bot may not write here just now");
    await telegram("one", 1);
    await harness.settle();
    harness.bot.unblock(4711);
    harness.bot.passNext(1);
    harness.bot.failNext(1, 403);
    await telegram("two", 2);
    await harness.settle();
    harness.bot.unblock(4711);
    await telegram("three", 3);
    await harness.settle();
    expect(asked.at(-1)?.history.map(({ role, content }) => `${role} ${content.slice(0, 6)}`)).toEqual([
      ...["user one", "assistant (no re", "user two", "assistant part 1"],
    ]);

    harness.advance("1h");
    await harness.sweep();
    await harness.settle();
    const [{ messages }] = harness.delivered();
    const pieces = messages.map(({ role, content }: Message) => [role, content.match(/part \d/g)?.join() ?? content]);
    expect(pieces).toEqual([
      ["user", "one"],
      ["user", "two"],
      ["assistant", "part 1"],
      ["user", "three"],
      ["assistant", "part 1,part 2,part 3"],
    ]);
  });

  it("leaves its session to be skipped when its words are the only ones and did not arrive, as nothing was said", async () => {
    harness.replies.failNext(1, 410);
    await harness.chat("What is new?", { origin: "scheduled" });
    await harness.chat("/reset");
    expect(harness.delivered()).toEqual([]);
    expect((await hookRows(harness, "crm")).map(({ skipped }) => skipped)).toEqual([]);
  });

  it("changes no transcript that is sealed, whatever becomes of it", async () => {
    harness.replies.setMode(503);
    harness.deploy({ sessions: { default: { idle: "2m" } } });
    await harness.chat("hello");
    harness.advance("3m");
    await harness.sweep();
    await harness.settle();
    expect(harness.delivered()).toMatchObject([{ messages: [{ content: "hello" }, { content: "You said: hello" }] }]);
    for (let tries = 0; tries < 10; tries++) {
      harness.advance("3m");
      await harness.settle();
    }
    const [session] = await sessionRows(harness);
    const [turn] = await turnRows(harness, session?.session ?? "");
    expect(turn).toMatchObject({
      reply: "You said: hello",
      undelivered: { kind: "transient", pieces: [{ index: 0 }] },
    });
    expect(await failedReplies()).toHaveLength(1);
  });

  it("fits an item at its longest with the longest message, also when it did not arrive", async () => {
    talk("語".repeat(60_000));
    harness.bot.passNext(7);
    harness.bot.failNext(1, 403);
    const text = "語".repeat(66_000);
    expect(await harness.say(text)).toMatchObject({ statusCode: 202 });
    harness.replies.failNext(1, 410);
    await harness.settle();
    const [session] = await sessionRows(harness);
    const [turn] = await turnRows(harness, session?.session ?? "");
    expect(turn?.undelivered?.pieces).toHaveLength(1);
    expect(turn?.text).toHaveLength(66_000);
  });

  it("T3 has only its missing pieces sent after failures in the middle", async () => {
    const words = Array.from({ length: 2_000 }, (_, number) => `word${number}`).join(" ");
    talk(words);
    harness.bot.passNext(2);
    harness.bot.failNext(1, 429, { "retry-after": "3" });
    await telegram("hello", 1);
    await harness.settle();
    expect(harness.bot.sent).toHaveLength(2);

    harness.bot.failNext(1, 500);
    await seconds(10);

    const texts = harness.bot.sent.map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(3);
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts.join(" ")).toBe(words);
    expect(harness.bot.requests).toHaveLength(texts.length + 2);
  });

  it("W7 starts nothing by a message of the bot's own id, and is held up by no user who has blocked the bot", async () => {
    await telegram("echo of myself", 1, { from: { id: 123456, is_bot: false, first_name: "Bot" } });
    await harness.settle();
    expect(await sessionRows(harness)).toEqual([]);

    harness.bot.block(4711);
    await telegram("hello", 2);
    await telegram("hello", 3, {
      chat: { id: 99, type: "private" },
      from: { id: 99, is_bot: false, first_name: "Bo" },
    });
    await harness.settle();
    expect(harness.bot.sent).toMatchObject([{ chat_id: 99, text: "You said: hello" }]);
    const [session] = await sessionRows(harness, "4711");
    expect(await turnRows(harness, session?.session ?? "")).toMatchObject([{ undelivered: { kind: "gone" } }]);
  });

  /** From now on the agent says that, and notes what it is asked. */
  function talk(words: string, asked: AgentInput[] = []): void {
    const reply = async (input: AgentInput) => {
      asked.push(input);
      return words;
    };
    harness.deploy({ agent: defineAdapter("agent", "talker", v.strictObject({}), () => ({ reply }))() });
  }

  async function onlyTurn(): Promise<Turn> {
    const [session] = await sessionRows(harness);
    const [turn] = await turnRows(harness, session?.session ?? "");
    if (!turn) throw new Error("there is no turn");
    return turn;
  }

  async function failedReplies() {
    return (
      await listFailedReplies(
        { table: harness.operatorTable, clock: harness.clock, random: Math.random },
        { limit: 10 },
      )
    ).replies;
  }

  async function telegram(text: string, update: number, changes: object = {}): Promise<void> {
    const body = updateOf({ text, date: Math.floor(Date.now() / 1000), ...changes }, update);
    expect(await harness.post("telegram", JSON.stringify(body), SECRET_HEADERS)).toMatchObject({ statusCode: 200 });
  }

  async function seconds(count: number): Promise<void> {
    for (let passed = 0; passed < count; passed++) {
      harness.advance("1s");
      await harness.settle();
    }
  }
});
