import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { allRows, conversationRows, sessionRows } from "../world/rows.ts";
import { sweepAt } from "../world/sweepAt.ts";
import { type Said, startWorld, type World } from "../world/World.ts";

describe.each([
  ["with its time", Date.parse("2026-03-02T10:00:00Z")],
  ["without its time", null],
])("a platform sends a message again, %s", (_title, sentAt) => {
  let world: World;
  const message = { delivery: "again", sentAt };
  beforeEach(async () => {
    world = await startWorld();
    await world.chat("one", message);
  });
  afterEach(() => world.stop());

  it("D9 within its session: no second turn, reply or session, and no clock is moved", async () => {
    await nothingComesOf(["1m", "10m", "18m"]);
    await sweepAt(world, "2026-03-02T10:30:00Z");
    expect(world.delivered()).toMatchObject([{ reason: "idle", turns: 1, endedAt: "2026-03-02T10:30:00.000Z" }]);
  });

  it("D9 after its session has ended and its conversation is gone, for up to 8 days", async () => {
    await sweepAt(world, "2026-03-02T10:30:00Z");
    expect(await conversationRows(world)).toEqual([]);

    await nothingComesOf(["1m", "1d", "6d", "22h"]);
  });

  it("D9 while another session runs, whose clock it does not move", async () => {
    await sweepAt(world, "2026-03-02T10:30:00Z");
    world.goTo("2026-03-04T12:00:00Z");
    await world.chat("two");

    await nothingComesOf(["10m", "19m"]);
    await sweepAt(world, "2026-03-04T12:30:00Z");
    expect(world.delivered().at(-1)).toMatchObject({ turns: 1, endedAt: "2026-03-04T12:30:00.000Z" });
  });

  it("the same text under another delivery is another message", async () => {
    expect(await world.chat("one")).toHaveLength(1);
    const [session] = await sessionRows(world);
    expect((await allRows(world)).filter(({ pk }) => pk === `SESSION#${session?.session}`)).toHaveLength(2);
  });

  /** It is sent again after each pause, and the table and both sides stay as they were. */
  async function nothingComesOf(pauses: readonly string[]): Promise<void> {
    const before = await allRows(world);
    const calls = [world.replies.requests.length, world.provider.requests.length];
    for (const pause of pauses) {
      world.advance(pause);
      expect(await world.say("one", message)).toMatchObject({ statusCode: 202 });
      await world.settle();
    }
    expect(await allRows(world)).toEqual(before);
    expect([world.replies.requests.length, world.provider.requests.length]).toEqual(calls);
  }
});

describe("what a redelivery is: the same delivery id and the same time of writing", () => {
  let world: World;
  const ten = Date.parse("2026-03-02T10:00:00Z");
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  /** Says it at once, as a second call within five minutes, before or after the first is worked. */
  async function sayBoth(first: readonly [string, Said], second: readonly [string, Said], settled: boolean) {
    for (const [text, said] of [first, second]) {
      expect(await world.say(text, said)).toMatchObject({ statusCode: 202 });
      if (settled) await world.settle();
      world.advance("1s");
    }
    await world.settle();
    await world.chat("/reset");
    return world
      .delivered()
      .flatMap(({ messages }) =>
        messages
          .filter(({ role }: { role: string }) => role === "user")
          .map(({ content }: { content: string }) => content),
      );
  }

  describe.each([[true], [false]])("where the first one is worked before the second comes: %s", (settled) => {
    it("D9 one id with two times of writing is two messages, each with its turn and reply", async () => {
      const said = [
        ["one", { delivery: "same", sentAt: ten - 1_000 }],
        ["two", { delivery: "same", sentAt: ten }],
      ] as const;
      expect(await sayBoth(...said, settled)).toEqual(["one", "two"]);
      expect(world.replies.effects.map(({ body }) => body.text)).toEqual([
        "You said: one",
        "You said: two",
        "Done: a new conversation begins.",
      ]);
    });

    it("D9 one id in two conversations is two messages", async () => {
      const said = [
        ["one", { delivery: "same", sentAt: ten }],
        ["two", { delivery: "same", sentAt: ten, conversation: "bob", user: { id: "bob" } }],
      ] as const;
      await sayBoth(...said, settled);
      expect(world.replies.effects.map(({ body }) => body.text)).toContain("You said: two");
    });

    it.each([
      ["with its time", ten],
      ["without it", null],
    ])("D9 other words under one id and time, %s, are a redelivery: the first ones count", async (_, sentAt) => {
      const said = [
        ["one", { delivery: "same", sentAt }],
        ["two", { delivery: "same", sentAt }],
      ] as const;
      expect(await sayBoth(...said, settled)).toEqual(["one"]);
    });
  });
});
