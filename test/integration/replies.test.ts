import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Turn } from "../../lib/domain/Turn.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { queueDepth, sessionRows, turnRows } from "../harness/rows.ts";
import { failedReplies, talk, telegram } from "./replySteps.ts";

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
    expect(await failedReplies(harness)).toEqual([]);
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
      expect(await failedReplies(harness)).toMatchObject([
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

  it("loses alone the piece that is refused for itself, and the turn says which", async () => {
    talk(harness, Array.from({ length: 4 }, (_, part) => `part ${part + 1} ${"word ".repeat(700)}`).join("\n\n"));
    harness.bot.passNext(1);
    harness.bot.failNext(1, 400);
    await telegram(harness, "Tell me all", 70015);
    await harness.settle();

    expect(harness.bot.sent.map(({ text }) => text.slice(0, 6))).toEqual(["part 1", "part 3", "part 4"]);
    expect(harness.bot.requests).toHaveLength(4);
    const turn = await onlyTurn();
    expect(turn.undelivered).toMatchObject({
      kind: "invalid",
      pieces: [{ index: 1, text: expect.stringMatching(/^part 2/) }],
    });
    expect(turn.reply).toBe(harness.bot.sent.map(({ text }) => text).join("\n"));
    expect(await failedReplies(harness)).toEqual([]);
  });

  it("T3 has only its missing pieces sent after failures in the middle", async () => {
    const words = Array.from({ length: 2_000 }, (_, number) => `word${number}`).join(" ");
    talk(harness, words);
    harness.bot.passNext(2);
    harness.bot.failNext(1, 429, { "retry-after": "3" });
    await telegram(harness, "hello", 1);
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
    await telegram(harness, "echo of myself", 1, { from: { id: 123456, is_bot: false, first_name: "Bot" } });
    await harness.settle();
    expect(await sessionRows(harness)).toEqual([]);

    harness.bot.block(4711);
    await telegram(harness, "hello", 2);
    await telegram(harness, "hello", 3, {
      chat: { id: 99, type: "private" },
      from: { id: 99, is_bot: false, first_name: "Bo" },
    });
    await harness.settle();
    expect(harness.bot.sent).toMatchObject([{ chat_id: 99, text: "You said: hello" }]);
    const [session] = await sessionRows(harness, "4711");
    expect(await turnRows(harness, session?.session ?? "")).toMatchObject([{ undelivered: { kind: "gone" } }]);
  });

  async function onlyTurn(): Promise<Turn> {
    const [session] = await sessionRows(harness);
    const [turn] = await turnRows(harness, session?.session ?? "");
    if (!turn) throw new Error("there is no turn");
    return turn;
  }

  async function seconds(count: number): Promise<void> {
    for (let passed = 0; passed < count; passed++) {
      harness.advance("1s");
      await harness.settle();
    }
  }
});
