import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/config/Adapter.ts";
import { moveBack } from "../world/moveBack.ts";
import { queueDepth, sessionRows, turnRows } from "../world/rows.ts";
import { sweepAt } from "../world/sweepAt.ts";
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

  it.each([[404], [410], [400]])(
    "a lasting %s is noted at the turn, and the next message is answered",
    async (status) => {
      world.replies.failNext(1, status);
      expect(await world.chat("hello")).toEqual([]);
      await seconds(30);
      expect(world.replies.requests).toHaveLength(1);

      const [session] = await sessionRows(world);
      const [turn] = await turnRows(world, session?.session ?? "");
      expect(turn).toMatchObject({ reply: "You said: hello", undeliverable: expect.any(String) });
      expect(await world.chat("and now?")).toEqual(["You said: and now?"]);
      await world.chat("/reset");
      expect(world.delivered()).toMatchObject([{ turns: 2 }]);
    },
  );

  it.each([[401], [403]])(
    "T3 a %s, which an operator mends, leaves the reply on the dead-letter queue; moved back, it goes out once",
    async (status) => {
      world.replies.setMode(status);
      await world.chat("hello");
      for (let receipts = 0; receipts < 10; receipts++) {
        world.advance("3m");
        await world.settle();
      }
      const { inbound, inboundDead } = world.wiring.queues;
      expect(await queueDepth(world, inboundDead)).toBe(1);
      await sweepAt(world, "2026-03-02T12:00:00Z");
      expect(world.delivered()).toHaveLength(1);
      // Later than any redelivery is known.
      world.advance("9d");

      world.replies.setMode("ok");
      await moveBack(world, inboundDead, inbound);
      await world.settle();
      expect(world.replies.effects.map(({ body }) => body.text)).toEqual(["You said: hello"]);
      expect(await sessionRows(world)).toHaveLength(1);
    },
  );

  it("T3 of a long one only the missing pieces are sent after failures in the middle", async () => {
    const words = Array.from({ length: 2_000 }, (_, number) => `word${number}`).join(" ");
    const talker = defineAdapter("agent", "talker", v.strictObject({}), () => ({ reply: async () => words }));
    world.deploy({ agent: talker() });
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
    expect(await turnRows(world, session?.session ?? "")).toMatchObject([{ undeliverable: "gone" }]);
  });

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
