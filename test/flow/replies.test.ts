import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AgentInput } from "../../lib/agents/Agent.ts";
import { defineAdapter } from "../../lib/config/Adapter.ts";
import { listFailedReplies } from "../../lib/operator/listFailedReplies.ts";
import type { Message } from "../../lib/transcript/Message.ts";
import type { Turn } from "../../lib/transcript/Turn.ts";
import { hookRows, queueDepth, sessionRows, turnRows } from "../world/rows.ts";
import { SECRET_HEADERS, updateOf } from "../world/telegram.ts";
import { startWorld, type World } from "../world/World.ts";

describe("replies go out", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  it("T3 once, when the platform is back; the agent is not asked again", async () => {
    world.replies.setMode(503);
    await world.chat("hello");
    await seconds(20);
    expect(world.replies.effects).toEqual([]);
    const [session] = await sessionRows(world);
    expect(await turnRows(world, session?.session ?? "")).toMatchObject([{ reply: "You said: hello" }]);

    world.replies.setMode("ok");
    await seconds(30);

    expect(world.replies.received.map(({ body }) => body.text)).toEqual(["You said: hello"]);
    expect(await turnRows(world, session?.session ?? "")).toHaveLength(1);
  });

  it("T3 under one id, when the platform took it but was not heard", async () => {
    world.replies.failNext(1, "lost-ack");
    await world.chat("hello");
    await seconds(10);

    expect(world.replies.received).toHaveLength(2);
    expect(world.replies.effects.map(({ body }) => body.text)).toEqual(["You said: hello"]);
    expect(world.replies.conflicts).toEqual([]);
  });

  it("a 410 is final: it is noted at the turn, and the next message is answered", async () => {
    world.replies.failNext(1, 410);
    expect(await world.chat("hello")).toEqual([]);
    await seconds(30);
    expect(world.replies.requests).toHaveLength(1);

    const turn = await onlyTurn();
    expect(turn).not.toHaveProperty("reply");
    expect(turn.undelivered).toMatchObject({ kind: "gone", pieces: [{ index: 0, text: "You said: hello" }] });
    expect(await failedReplies()).toEqual([]);
    expect(await world.chat("and now?")).toEqual(["You said: and now?"]);
    await world.chat("/reset");
    expect(world.delivered()).toMatchObject([{ turns: 2 }]);
  });

  // A receiver that is being deployed answers so for a moment; nothing of it is about the reply.
  it.each([[400], [404], [405], [413], [421], [422], [302]])(
    "a momentary %s of a program is tried again, and the reply goes out once",
    async (status) => {
      world.replies.failNext(1, status);
      expect(await world.chat("hello")).toEqual([]);
      await seconds(5);
      expect(world.replies.requests).toHaveLength(2);
      expect(world.replies.effects.map(({ body }) => body.text)).toEqual(["You said: hello"]);
      expect(await onlyTurn()).not.toHaveProperty("undelivered");
    },
  );

  it.each([[404], [503], [401], [403]])(
    "T3 a %s for more than eight minutes leaves the reply to an operator, no dead letter, and the conversation goes on",
    async (status) => {
      world.replies.setMode(status);
      await world.chat("hello");
      await world.say("are you there?");
      for (let tries = 0; tries < 9; tries++) {
        world.advance("2m");
        await world.settle();
      }
      const requests = world.replies.requests.length;
      expect(requests).toBeGreaterThanOrEqual(10);
      world.replies.setMode("ok");
      world.advance("2m");
      await world.settle();
      expect(world.replies.effects.map(({ body }) => body.text)).toEqual(["You said: are you there?"]);
      expect(await queueDepth(world, world.wiring.queues.inboundDead)).toBe(0);
      expect(await failedReplies()).toMatchObject([
        { text: "hello", undelivered: { kind: expect.any(String), pieces: [{ index: 0, text: "You said: hello" }] } },
      ]);
      expect(world.measured.filter(({ name }) => name === "ReplyUnsent")).toHaveLength(1);

      await world.chat("/reset");
      expect(world.delivered()[0].messages.map(({ content }: { content: string }) => content)).toEqual([
        "hello",
        "are you there?",
        "You said: are you there?",
      ]);
    },
    120_000,
  );

  it("a wait of hours that the platform asks for is kept: no call, no try and no dead letter, and then it goes on", async () => {
    world.bot.failNext(1, 429, { "retry-after": "21600" });
    await telegram("Are you there?", 1);
    await telegram("Hello?", 2);
    await world.settle();
    expect(world.bot.requests).toHaveLength(1);
    for (let minutes = 0; minutes < 359; minutes += 15) {
      world.advance("14m");
      await world.settle();
    }
    expect(world.bot.requests).toHaveLength(1);

    world.advance("30m");
    await world.settle();
    expect(world.bot.sent.map(({ text }) => text)).toEqual(["You said: Are you there?", "You said: Hello?"]);
    expect(await queueDepth(world, world.wiring.queues.inboundDead)).toBe(0);
  });

  it("a wait of twelve hours needs the queue to hide the message twice, and is kept", async () => {
    world.bot.failNext(1, 429, { "retry-after": "43200" });
    await telegram("Are you there?", 1);
    await world.settle();
    world.advance("719m");
    await world.settle();
    expect(world.bot.requests).toHaveLength(1);
    world.advance("16m");
    await world.settle();
    expect(world.bot.sent).toHaveLength(1);
  });

  it("a wait of more than twelve hours is left to an operator; no reply of the session calls before it is over", async () => {
    world.deploy({ sessions: { default: "none" } });
    world.bot.failNext(1, 429, { "retry-after": "86400" });
    await telegram("Are you there?", 1);
    await telegram("Hello?", 2);
    await world.settle();
    world.advance("13h");
    await telegram("Anybody?", 3);
    await world.settle();
    expect(world.bot.requests).toHaveLength(1);
    expect(await failedReplies()).toHaveLength(2);

    world.advance("662m");
    await world.settle();
    expect(world.bot.sent.map(({ text }) => text)).toEqual(["You said: Anybody?"]);
    expect(await failedReplies()).toMatchObject([{ text: "Hello?" }, { text: "Are you there?" }]);
  });

  it("a piece that is refused for itself is dropped alone, and the turn says which", async () => {
    talk(Array.from({ length: 4 }, (_, part) => `part ${part + 1} ${"word ".repeat(700)}`).join("\n\n"));
    world.bot.passNext(1);
    world.bot.failNext(1, 400);
    await telegram("Tell me all", 70015);
    await world.settle();

    expect(world.bot.sent.map(({ text }) => text.slice(0, 6))).toEqual(["part 1", "part 3", "part 4"]);
    expect(world.bot.requests).toHaveLength(4);
    const turn = await onlyTurn();
    expect(turn.undelivered).toMatchObject({
      kind: "invalid",
      pieces: [{ index: 1, text: expect.stringMatching(/^part 2/) }],
    });
    expect(turn.reply).toBe(world.bot.sent.map(({ text }) => text).join("\n"));
    expect(await failedReplies()).toEqual([]);
  });

  it("what nobody received is neither told to memory nor to the agent as said; what arrived of it is", async () => {
    const asked: AgentInput[] = [];
    talk(Array.from({ length: 3 }, (_, part) => `part ${part + 1} ${"word ".repeat(700)}`).join("\n\n"), asked);
    world.bot.block(4711);
    await telegram("one", 1);
    await world.settle();
    world.bot.unblock(4711);
    world.bot.passNext(1);
    world.bot.failNext(1, 403);
    await telegram("two", 2);
    await world.settle();
    world.bot.unblock(4711);
    await telegram("three", 3);
    await world.settle();
    expect(asked.at(-1)?.history.map(({ role, content }) => `${role} ${content.slice(0, 6)}`)).toEqual([
      ...["user one", "assistant (no re", "user two", "assistant part 1"],
    ]);

    world.advance("1h");
    await world.sweep();
    await world.settle();
    const [{ messages }] = world.delivered();
    const pieces = messages.map(({ role, content }: Message) => [role, content.match(/part \d/g)?.join() ?? content]);
    expect(pieces).toEqual([
      ["user", "one"],
      ["user", "two"],
      ["assistant", "part 1"],
      ["user", "three"],
      ["assistant", "part 1,part 2,part 3"],
    ]);
  });

  it("a session whose only words did not arrive is skipped, as nothing was said", async () => {
    world.replies.failNext(1, 410);
    await world.chat("What is new?", { origin: "scheduled" });
    await world.chat("/reset");
    expect(world.delivered()).toEqual([]);
    expect((await hookRows(world, "crm")).map(({ skipped }) => skipped)).toEqual([]);
  });

  it("a transcript that is sealed stays as it is, whatever becomes of its replies", async () => {
    world.replies.setMode(503);
    world.deploy({ sessions: { default: { idle: "2m" } } });
    await world.chat("hello");
    world.advance("3m");
    await world.sweep();
    await world.settle();
    expect(world.delivered()).toMatchObject([{ messages: [{ content: "hello" }, { content: "You said: hello" }] }]);
    for (let tries = 0; tries < 10; tries++) {
      world.advance("3m");
      await world.settle();
    }
    const [session] = await sessionRows(world);
    const [turn] = await turnRows(world, session?.session ?? "");
    expect(turn).toMatchObject({
      reply: "You said: hello",
      undelivered: { kind: "transient", pieces: [{ index: 0 }] },
    });
    expect(await failedReplies()).toHaveLength(1);
  });

  it("the longest message and the longest reply fit an item, also when the reply did not arrive", async () => {
    talk("語".repeat(60_000));
    world.bot.passNext(7);
    world.bot.failNext(1, 403);
    const text = "語".repeat(66_000);
    expect(await world.say(text)).toMatchObject({ statusCode: 202 });
    world.replies.failNext(1, 410);
    await world.settle();
    const [session] = await sessionRows(world);
    const [turn] = await turnRows(world, session?.session ?? "");
    expect(turn?.undelivered?.pieces).toHaveLength(1);
    expect(turn?.text).toHaveLength(66_000);
  });

  it("T3 of a long one only the missing pieces are sent after failures in the middle", async () => {
    const words = Array.from({ length: 2_000 }, (_, number) => `word${number}`).join(" ");
    talk(words);
    world.bot.passNext(2);
    world.bot.failNext(1, 429, { "retry-after": "3" });
    await telegram("hello", 1);
    await world.settle();
    expect(world.bot.sent).toHaveLength(2);

    world.bot.failNext(1, 500);
    await seconds(10);

    const texts = world.bot.sent.map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(3);
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts.join(" ")).toBe(words);
    expect(world.bot.requests).toHaveLength(texts.length + 2);
  });

  it("W7 a message of the bot's own id starts nothing, and a user that has blocked the bot holds up nobody", async () => {
    await telegram("echo of myself", 1, { from: { id: 123456, is_bot: false, first_name: "Bot" } });
    await world.settle();
    expect(await sessionRows(world)).toEqual([]);

    world.bot.block(4711);
    await telegram("hello", 2);
    await telegram("hello", 3, {
      chat: { id: 99, type: "private" },
      from: { id: 99, is_bot: false, first_name: "Bo" },
    });
    await world.settle();
    expect(world.bot.sent).toMatchObject([{ chat_id: 99, text: "You said: hello" }]);
    const [session] = await sessionRows(world, "4711");
    expect(await turnRows(world, session?.session ?? "")).toMatchObject([{ undelivered: { kind: "gone" } }]);
  });

  /** From now on the agent says that, and notes what it is asked. */
  function talk(words: string, asked: AgentInput[] = []): void {
    const reply = async (input: AgentInput) => {
      asked.push(input);
      return words;
    };
    world.deploy({ agent: defineAdapter("agent", "talker", v.strictObject({}), () => ({ reply }))() });
  }

  async function onlyTurn(): Promise<Turn> {
    const [session] = await sessionRows(world);
    const [turn] = await turnRows(world, session?.session ?? "");
    if (!turn) throw new Error("there is no turn");
    return turn;
  }

  async function failedReplies() {
    return (
      await listFailedReplies({ table: world.operatorTable, clock: world.clock, random: Math.random }, { limit: 10 })
    ).replies;
  }

  async function telegram(text: string, update: number, changes: object = {}): Promise<void> {
    const body = updateOf({ text, date: Math.floor(Date.now() / 1000), ...changes }, update);
    expect(await world.post("telegram", JSON.stringify(body), SECRET_HEADERS)).toMatchObject({ statusCode: 200 });
  }

  async function seconds(count: number): Promise<void> {
    for (let passed = 0; passed < count; passed++) {
      world.advance("1s");
      await world.settle();
    }
  }
});
