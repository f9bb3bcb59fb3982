import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { conversationRows, sessionRows } from "../world/rows.ts";
import { sweepAt } from "../world/sweepAt.ts";
import { startWorld, type World } from "../world/World.ts";

describe("a message near the end of a session", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    await world.chat("one");
  });
  afterEach(() => world.stop());

  it("P3 P4 P9 starts the successor when the conversation had expired, whether or not anything has ended it", async () => {
    world.goTo("2026-03-02T10:30:00Z");
    expect((await world.chat("two"))[0]).toContain("A new conversation");

    await sweepAt(world, "2026-03-02T11:00:00Z");
    world.advance("1m");
    expect((await world.chat("three"))[0]).toContain("A new conversation");

    expect(world.delivered()).toMatchObject([
      { turns: 1, endedAt: "2026-03-02T10:30:00.000Z", messages: [{ content: "one" }, {}] },
      { turns: 1, endedAt: "2026-03-02T11:00:00.000Z", messages: [{ content: "two" }, {}] },
    ]);
  });

  it("belongs to the session when it came in before the end, however late it is worked, and moves the clock from there", async () => {
    world.goTo("2026-03-02T10:29:59Z");
    await world.say("two");
    world.goTo("2026-03-02T10:31:00Z");
    await world.settle();

    expect(await sessionRows(world)).toHaveLength(1);
    await sweepAt(world, "2026-03-02T10:59:58.999Z");
    expect(world.delivered()).toMatchObject([{ turns: 2, endedAt: "2026-03-02T10:59:59.000Z" }]);
  });

  it("starts the successor when the session was ended before it was worked: no word is lost", async () => {
    world.goTo("2026-03-02T10:29:59Z");
    await world.say("two");
    world.goTo("2026-03-02T10:30:00Z");
    await world.sweep();
    await world.settle();
    await sweepAt(world, "2026-03-02T11:00:00Z");

    expect(world.delivered()).toMatchObject([
      { turns: 1, messages: [{ content: "one" }, {}] },
      { turns: 1, messages: [{ content: "two" }, {}] },
    ]);
  });

  it("P3 an ended session stays ended, with its first reason and time, whatever comes later", async () => {
    await sweepAt(world, "2026-03-02T10:30:00Z");
    const [ended] = await sessionRows(world);
    await world.chat("two");
    await world.chat("/reset");
    await world.stream.repeat();
    await world.settle();

    expect((await sessionRows(world))[0]).toEqual(ended);
    expect(ended).toMatchObject({ status: "ended", reason: "idle" });
  });
});

describe("a post of the bot's own", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld("2026-03-01T20:00:00Z");
    world.deploy({ sessions: { default: { daily: { at: "04:00", timeZone: "UTC" } } } });
    await world.chat("good night");
  });
  afterEach(() => world.stop());

  it("T14 after the end belongs to the successor, together with the answer to it", async () => {
    await sweepAt(world, "2026-03-02T03:59:30Z");
    world.goTo("2026-03-02T07:00:00Z");
    expect(await world.chat("Good morning!", { role: "assistant" })).toEqual([]);
    world.goTo("2026-03-02T08:00:00Z");
    expect((await world.chat("morning"))[0]).toContain("A new conversation: the last one ended with the day");
    await sweepAt(world, "2026-03-03T03:59:30Z");

    expect(world.delivered()).toMatchObject([
      { endedAt: "2026-03-02T04:00:00.000Z", messages: [{ content: "good night" }, {}] },
      {
        startedAt: "2026-03-02T07:00:00.000Z",
        messages: [{ role: "assistant", content: "Good morning!" }, { role: "user", content: "morning" }, {}],
      },
    ]);
  });

  it("T14 the same while nothing has ended the expired session yet", async () => {
    world.goTo("2026-03-02T07:00:00Z");
    await world.chat("Good morning!", { role: "assistant" });

    expect(world.delivered()).toMatchObject([{ reason: "daily", turns: 1 }]);
    expect(await sessionRows(world)).toMatchObject([{ status: "ended" }, { status: "open" }]);
  });

  it("P5 does not move the idle clock", async () => {
    world.deploy({ sessions: { default: { idle: "30m" } } });
    await world.chat("and now?");
    world.advance("20m");
    await world.chat("Reminder!", { role: "assistant" });
    await world.chat("Digest", { origin: "scheduled" });

    expect(await conversationRows(world)).toMatchObject([{ expiresAt: Date.parse("2026-03-01T20:30:00Z") / 1000 }]);
    await sweepAt(world, "2026-03-01T20:29:30Z");
    expect(world.delivered()).toMatchObject([{ reason: "idle", turns: 4, endedAt: "2026-03-01T20:30:00.000Z" }]);
  });
});
