import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { conversationRows, hookRows, sessionRows } from "../world/rows.ts";
import { sweepAt } from "../world/sweepAt.ts";
import { startWorld, type World } from "../world/World.ts";

describe("a session ends when its conversation falls idle", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  it("L1 every provider gets its transcript once, with no process holding it in memory", async () => {
    expect(await world.chat("My name is Ann")).toEqual(["You said: My name is Ann"]);
    expect(await world.chat("I like tea")).toEqual(["You said: I like tea"]);

    world.advance("29m");
    await world.sweep();
    await world.settle();
    expect(world.delivered()).toEqual([]);

    world.deploy();
    world.advance("1m");
    await world.sweep();
    await world.settle();
    expect(world.delivered()).toMatchObject([
      {
        reason: "idle",
        turns: 2,
        startedAt: "2026-03-02T10:00:00.000Z",
        endedAt: "2026-03-02T10:30:00.000Z",
        users: [{ id: "ann", name: "Ann" }],
        messages: [
          { role: "user", content: "My name is Ann", author: { id: "ann" } },
          { role: "assistant", content: "You said: My name is Ann" },
          { role: "user", content: "I like tea" },
          { role: "assistant", content: "You said: I like tea" },
        ],
      },
    ]);
    expect(await hookRows(world)).toMatchObject([
      { provider: "builtin", status: "delivered", attempts: 1 },
      { provider: "crm", status: "delivered", attempts: 1 },
    ]);
  });

  it("L1 by whichever sweep has its part, where several share what is due", async () => {
    const conversations = Array.from({ length: 12 }, (_, index) => `c${index}`);
    for (const conversation of conversations) await world.say("hello", { conversation });
    await world.settle();
    world.advance("30m");
    const left = [];
    for (let part = 0; part < 4; part++) {
      await world.sweepPart(part, 4);
      left.push((await conversationRows(world)).length);
    }
    await world.settle();

    expect(left[0]).toBeGreaterThan(0);
    expect(left.at(-1)).toBe(0);
    expect(world.delivered()).toHaveLength(12);
  });

  it("L4 a session that nothing has touched for a day is delivered from the table alone", async () => {
    world.deploy({ sessions: { default: { idle: "24h" } } });
    await world.chat("hello");
    world.deploy({ sessions: { default: { idle: "24h" } } });

    await sweepAt(world, "2026-03-03T09:59:30Z");

    expect(world.delivered()).toMatchObject([{ reason: "idle", turns: 1, messages: [{ content: "hello" }, {}] }]);
  });

  it("P11 the next message starts a successor, is told so, and the agent recalls", async () => {
    await world.chat("My name is Ann");
    await sweepAt(world, "2026-03-02T10:30:00Z");

    const replies = await world.chat("hello again");

    expect(replies[0]).toContain("a while without a message");
    expect(replies[1]).toContain("Name: Ann");
  });

  it("the sweep of the minute before ends it at its very moment, and no sooner", async () => {
    await world.chat("hello");

    world.goTo("2026-03-02T10:29:00Z");
    await world.sweep();
    expect(Date.now()).toBe(Date.parse("2026-03-02T10:29:00Z"));
    expect(await conversationRows(world)).toHaveLength(1);

    world.goTo("2026-03-02T10:29:00.001Z");
    await world.sweep();
    expect(Date.now()).toBe(Date.parse("2026-03-02T10:30:00Z"));
    expect(await conversationRows(world)).toEqual([]);
  });

  it("a message moves the end, which the sweep finds out at the old one", async () => {
    await world.chat("hello");
    world.advance("20m");
    await world.chat("still here");

    await sweepAt(world, "2026-03-02T10:30:00Z");
    expect(world.delivered()).toEqual([]);

    await sweepAt(world, "2026-03-02T10:50:00Z");
    expect(world.delivered()).toMatchObject([{ reason: "idle", turns: 2, endedAt: "2026-03-02T10:50:00.000Z" }]);
  });

  it("P14 TTL alone is enough, and hours late it still says when the session ended", async () => {
    await world.chat("hello");
    world.advance("6h");
    await world.settle();
    expect(world.delivered()).toEqual([]);

    await world.ttl();
    await world.settle();

    expect(world.delivered()).toMatchObject([{ reason: "idle", endedAt: "2026-03-02T10:30:00.000Z" }]);
  });

  it("P14 the next message alone is enough, without a sweep and without TTL", async () => {
    await world.chat("hello");
    world.advance("6h");

    await world.chat("hello again");

    expect(world.delivered()).toMatchObject([
      { reason: "idle", turns: 1, endedAt: "2026-03-02T10:30:00.000Z", messages: [{ content: "hello" }, {}] },
    ]);
    expect(await sessionRows(world)).toMatchObject([{ status: "ended" }, { status: "open" }]);
  });

  it("D2 D3 P14 all three triggers at once have one winner and make one delivery", async () => {
    const people = ["ann", "bob", "cat", "dan", "eve"];
    for (const conversation of people) await world.chat("hello", { conversation });
    world.goTo("2026-03-02T10:30:01Z");
    for (const conversation of people) await world.say("hello again", { conversation });

    await Promise.all([
      world.sweep(),
      ...people.map(() => world.step.message()),
      world.ttl(),
      world.step.stream(),
      world.sweep(),
      world.step.stream(),
    ]);
    await world.settle();
    await world.sweep();
    await world.settle();

    expect(world.provider.received).toHaveLength(people.length);
    expect(world.delivered().map(({ messages }) => messages[0].content)).toEqual(people.map(() => "hello"));
    for (const chat of people) {
      expect(await sessionRows(world, chat)).toMatchObject([
        { status: "ended", reason: "idle", turns: 1 },
        { status: "open" },
      ]);
    }
  });
});
