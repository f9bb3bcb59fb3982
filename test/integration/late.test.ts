import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { conversationRows, sessionRows } from "../harness/rows.ts";
import { sweepAt } from "../harness/sweepAt.ts";

describe("a message near the end of a session", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    await harness.chat("one");
  });
  afterEach(() => harness.stop());

  it("P3 P4 P9 starts the successor when the conversation had expired, whether or not anything has ended it", async () => {
    harness.goTo("2026-03-02T10:30:00Z");
    expect((await harness.chat("two"))[0]).toContain("A new conversation");

    await sweepAt(harness, "2026-03-02T11:00:00Z");
    harness.advance("1m");
    expect((await harness.chat("three"))[0]).toContain("A new conversation");

    expect(harness.delivered()).toMatchObject([
      { turns: 1, endedAt: "2026-03-02T10:30:00.000Z", messages: [{ content: "one" }, {}] },
      { turns: 1, endedAt: "2026-03-02T11:00:00.000Z", messages: [{ content: "two" }, {}] },
    ]);
  });

  it("belongs to the session when it came in before the end, however late it is worked, and moves the clock from there", async () => {
    harness.goTo("2026-03-02T10:29:59Z");
    await harness.say("two");
    harness.goTo("2026-03-02T10:31:00Z");
    await harness.settle();

    expect(await sessionRows(harness)).toHaveLength(1);
    await sweepAt(harness, "2026-03-02T10:59:58.999Z");
    expect(harness.delivered()).toMatchObject([{ turns: 2, endedAt: "2026-03-02T10:59:59.000Z" }]);
  });

  it("starts the successor when the session was ended before it was worked, and no word is lost", async () => {
    harness.goTo("2026-03-02T10:29:59Z");
    await harness.say("two");
    harness.goTo("2026-03-02T10:30:00Z");
    await harness.sweep();
    await harness.settle();
    await sweepAt(harness, "2026-03-02T11:00:00Z");

    expect(harness.delivered()).toMatchObject([
      { turns: 1, messages: [{ content: "one" }, {}] },
      { turns: 1, messages: [{ content: "two" }, {}] },
    ]);
  });

  it("P3 leaves an ended session ended, with its first reason and time, whatever comes later", async () => {
    await sweepAt(harness, "2026-03-02T10:30:00Z");
    const [ended] = await sessionRows(harness);
    await harness.chat("two");
    await harness.chat("/reset");
    await harness.stream.repeat();
    await harness.settle();

    expect((await sessionRows(harness))[0]).toEqual(ended);
    expect(ended).toMatchObject({ status: "ended", reason: "idle" });
  });
});

describe("a post of the bot's own", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness("2026-03-01T20:00:00Z");
    harness.deploy({ sessions: { default: { daily: { at: "04:00", timeZone: "UTC" } } } });
    await harness.chat("good night");
  });
  afterEach(() => harness.stop());

  it("T14 belongs to the successor when it comes after the end, together with the answer to it", async () => {
    await sweepAt(harness, "2026-03-02T03:59:30Z");
    harness.goTo("2026-03-02T07:00:00Z");
    expect(await harness.chat("Good morning!", { role: "assistant" })).toEqual([]);
    harness.goTo("2026-03-02T08:00:00Z");
    expect((await harness.chat("morning"))[0]).toContain("A new conversation: the last one ended with the day");
    await sweepAt(harness, "2026-03-03T03:59:30Z");

    expect(harness.delivered()).toMatchObject([
      { endedAt: "2026-03-02T04:00:00.000Z", messages: [{ content: "good night" }, {}] },
      {
        startedAt: "2026-03-02T07:00:00.000Z",
        messages: [{ role: "assistant", content: "Good morning!" }, { role: "user", content: "morning" }, {}],
      },
    ]);
  });

  it("T14 belongs to the successor also while nothing has ended the expired session yet", async () => {
    harness.goTo("2026-03-02T07:00:00Z");
    await harness.chat("Good morning!", { role: "assistant" });

    expect(harness.delivered()).toMatchObject([{ reason: "daily", turns: 1 }]);
    expect(await sessionRows(harness)).toMatchObject([{ status: "ended" }, { status: "open" }]);
  });

  it("P5 does not move the idle clock", async () => {
    harness.deploy({ sessions: { default: { idle: "30m" } } });
    await harness.chat("and now?");
    harness.advance("20m");
    await harness.chat("Reminder!", { role: "assistant" });
    await harness.chat("Digest", { origin: "scheduled" });

    expect(await conversationRows(harness)).toMatchObject([{ expiresAt: Date.parse("2026-03-01T20:30:00Z") / 1000 }]);
    await sweepAt(harness, "2026-03-01T20:29:30Z");
    expect(harness.delivered()).toMatchObject([{ reason: "idle", turns: 4, endedAt: "2026-03-01T20:30:00.000Z" }]);
  });
});
