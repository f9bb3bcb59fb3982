import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, sessionRows } from "../harness/rows.ts";

describe("the write of a turn that arrives when its function has long died", () => {
  let harness: GatewayHarness;
  let arrive: () => Promise<void>;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    await harness.chat("one");
    harness.goTo("2026-03-02T10:05:00Z");
  });
  afterEach(() => harness.stop());

  /** Says it; its turn is on its way until `arrive` is called. */
  async function sayAndDie(): Promise<void> {
    const held = harness.gate.hold("PutItemCommand");
    await harness.say("two");
    const dying = harness.step.message();
    await held.reached;
    arrive = async () => {
      held.release();
      // Nobody hears what becomes of it.
      await dying.catch(() => {});
    };
  }

  async function check(): Promise<void> {
    expect(await harness.deadHooks()).toEqual([]);
    harness.goTo("2026-03-02T12:00:00Z");
    await harness.sweep();
    await harness.settle();
    expect(harness.delivered()).toMatchObject([
      { turns: 1, messages: [{ content: "one" }, {}] },
      { turns: 1, messages: [{ content: "two" }, {}] },
    ]);
    const turns = (await allRows(harness)).filter(({ kind }) => kind === "turn");
    expect(turns.map(({ text }) => text)).toEqual(["one", "two"]);
  }

  it("L7 T9 D6 is refused after the sealing, and its message has its turn in the next session", async () => {
    await sayAndDie();
    harness.goTo("2026-03-02T10:35:00Z");
    await harness.sweep();
    await harness.step.stream();
    await arrive();
    await harness.settle();
    await check();
  });

  it("D6 is refused before the sealing, when its message has begun the next session", async () => {
    await sayAndDie();
    harness.goTo("2026-03-02T10:35:00Z");
    await harness.sweep();
    await harness.step.message();
    await arrive();
    await check();
  });

  it("D6 is refused when its message itself ends the session, which another config makes shorter meanwhile", async () => {
    harness.deploy({ sessions: { default: { maxAge: "1m" } } });
    await sayAndDie();
    harness.goTo("2026-03-02T10:07:00Z");
    await harness.step.message();
    expect(await sessionRows(harness)).toHaveLength(2);
    await arrive();
    await harness.settle();
    await check();
  });

  it("is found when it was there first, and no second turn is made", async () => {
    await sayAndDie();
    harness.goTo("2026-03-02T10:35:00Z");
    await harness.sweep();
    await arrive();
    await harness.settle();
    harness.goTo("2026-03-02T12:00:00Z");
    await harness.settle();
    expect(harness.delivered()).toMatchObject([{ turns: 2, messages: [{}, {}, { content: "two" }, {}] }]);
    expect(harness.replies.effects.map(({ body }) => body.text)).toEqual(["You said: one", "You said: two"]);
  });
});
