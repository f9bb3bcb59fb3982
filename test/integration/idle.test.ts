import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { conversationRows, hookRows, sessionRows } from "../harness/rows.ts";
import { sweepAt } from "../harness/sweepAt.ts";

describe("a session whose conversation falls idle", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  it("L1 reaches every provider once, with no process holding it in memory", async () => {
    expect(await harness.chat("My name is Ann")).toEqual(["You said: My name is Ann"]);
    expect(await harness.chat("I like tea")).toEqual(["You said: I like tea"]);

    harness.advance("29m");
    await harness.sweep();
    await harness.settle();
    expect(harness.delivered()).toEqual([]);

    harness.deploy();
    harness.advance("1m");
    await harness.sweep();
    await harness.settle();
    expect(harness.delivered()).toMatchObject([
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
    expect(await hookRows(harness)).toMatchObject([
      { provider: "builtin", status: "delivered", attempts: 1 },
      { provider: "crm", status: "delivered", attempts: 1 },
    ]);
  });

  it("L1 is ended by whichever sweep has its part, where several share what is due", async () => {
    const conversations = Array.from({ length: 12 }, (_, index) => `c${index}`);
    for (const conversation of conversations) await harness.say("hello", { conversation });
    await harness.settle();
    harness.advance("30m");
    const left = [];
    for (let part = 0; part < 4; part++) {
      await harness.sweepPart(part, 4);
      left.push((await conversationRows(harness)).length);
    }
    await harness.settle();

    expect(left[0]).toBeGreaterThan(0);
    expect(left.at(-1)).toBe(0);
    expect(harness.delivered()).toHaveLength(12);
  });

  it("L4 is delivered from the table alone when nothing has touched it for a day", async () => {
    harness.deploy({ sessions: { default: { idle: "24h" } } });
    await harness.chat("hello");
    harness.deploy({ sessions: { default: { idle: "24h" } } });

    await sweepAt(harness, "2026-03-03T09:59:30Z");

    expect(harness.delivered()).toMatchObject([{ reason: "idle", turns: 1, messages: [{ content: "hello" }, {}] }]);
  });

  it("P11 has a successor that the next message starts, is told so, and in which the agent recalls", async () => {
    await harness.chat("My name is Ann");
    await sweepAt(harness, "2026-03-02T10:30:00Z");

    const replies = await harness.chat("hello again");

    expect(replies[0]).toContain("a while without a message");
    expect(replies[1]).toContain("Name: Ann");
  });

  it("is ended within seconds of its moment by the sweep of the minute before, and no sooner", async () => {
    await harness.chat("hello");

    harness.goTo("2026-03-02T10:29:00Z");
    await harness.sweep();
    expect(Date.now()).toBe(Date.parse("2026-03-02T10:29:00Z"));
    expect(await conversationRows(harness)).toHaveLength(1);

    harness.goTo("2026-03-02T10:29:00.001Z");
    await harness.sweep();
    const late = Date.now() - Date.parse("2026-03-02T10:30:00Z");
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThanOrEqual(5_000);
    expect(await conversationRows(harness)).toEqual([]);
  });

  it("is moved on by a message, which the sweep finds out at the old end", async () => {
    await harness.chat("hello");
    harness.advance("20m");
    await harness.chat("still here");

    await sweepAt(harness, "2026-03-02T10:30:00Z");
    expect(harness.delivered()).toEqual([]);

    await sweepAt(harness, "2026-03-02T10:50:00Z");
    expect(harness.delivered()).toMatchObject([{ reason: "idle", turns: 2, endedAt: "2026-03-02T10:50:00.000Z" }]);
  });

  it("P14 is ended by TTL alone, too, which hours late still says when the session ended", async () => {
    await harness.chat("hello");
    harness.advance("6h");
    await harness.settle();
    expect(harness.delivered()).toEqual([]);

    await harness.ttl();
    await harness.settle();

    expect(harness.delivered()).toMatchObject([{ reason: "idle", endedAt: "2026-03-02T10:30:00.000Z" }]);
  });

  it("P14 is ended by the next message alone, without a sweep and without TTL", async () => {
    await harness.chat("hello");
    harness.advance("6h");

    await harness.chat("hello again");

    expect(harness.delivered()).toMatchObject([
      { reason: "idle", turns: 1, endedAt: "2026-03-02T10:30:00.000Z", messages: [{ content: "hello" }, {}] },
    ]);
    expect(await sessionRows(harness)).toMatchObject([{ status: "ended" }, { status: "open" }]);
  });

  it("D2 D3 P14 is ended by one of all three triggers at once, and is delivered once", async () => {
    const people = ["ann", "bob", "cat", "dan", "eve"];
    for (const conversation of people) await harness.chat("hello", { conversation });
    harness.goTo("2026-03-02T10:30:01Z");
    for (const conversation of people) await harness.say("hello again", { conversation });

    await Promise.all([
      harness.sweep(),
      ...people.map(() => harness.step.message()),
      harness.ttl(),
      harness.step.stream(),
      harness.sweep(),
      harness.step.stream(),
    ]);
    await harness.settle();
    await harness.sweep();
    await harness.settle();

    expect(harness.provider.received).toHaveLength(people.length);
    expect(harness.delivered().map(({ messages }) => messages[0].content)).toEqual(people.map(() => "hello"));
    for (const chat of people) {
      expect(await sessionRows(harness, chat)).toMatchObject([
        { status: "ended", reason: "idle", turns: 1 },
        { status: "open" },
      ]);
    }
  });
});
