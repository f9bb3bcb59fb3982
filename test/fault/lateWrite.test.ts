import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { allRows, sessionRows } from "../world/rows.ts";
import { startWorld, type World } from "../world/World.ts";

describe("the write of a turn that arrives when its function has long died", () => {
  let world: World;
  let arrive: () => Promise<void>;
  beforeEach(async () => {
    world = await startWorld();
    await world.chat("one");
    world.goTo("2026-03-02T10:05:00Z");
  });
  afterEach(() => world.stop());

  /** Says it; its turn is on its way until `arrive` is called. */
  async function sayAndDie(): Promise<void> {
    const held = world.outside.hold("PutItemCommand");
    await world.say("two");
    const dying = world.step.message();
    await held.reached;
    arrive = async () => {
      held.release();
      // Nobody hears what becomes of it.
      await dying.catch(() => {});
    };
  }

  async function check(): Promise<void> {
    expect(await world.deadHooks()).toEqual([]);
    world.goTo("2026-03-02T12:00:00Z");
    await world.sweep();
    await world.settle();
    expect(world.delivered()).toMatchObject([
      { turns: 1, messages: [{ content: "one" }, {}] },
      { turns: 1, messages: [{ content: "two" }, {}] },
    ]);
    const turns = (await allRows(world)).filter(({ kind }) => kind === "turn");
    expect(turns.map(({ text }) => text)).toEqual(["one", "two"]);
  }

  it("L7 T9 D6 after the sealing comes into no sealed session: its message has its turn in the next one", async () => {
    await sayAndDie();
    world.goTo("2026-03-02T10:35:00Z");
    await world.sweep();
    await world.step.stream();
    await arrive();
    await world.settle();
    await check();
  });

  it("D6 before the sealing, when its message has begun the next session", async () => {
    await sayAndDie();
    world.goTo("2026-03-02T10:35:00Z");
    await world.sweep();
    await world.step.message();
    await arrive();
    await check();
  });

  it("D6 when its message itself ends the session, which another config makes shorter meanwhile", async () => {
    world.deploy({ sessions: { default: { maxAge: "1m" } } });
    await sayAndDie();
    world.goTo("2026-03-02T10:07:00Z");
    await world.step.message();
    expect(await sessionRows(world)).toHaveLength(2);
    await arrive();
    await world.settle();
    await check();
  });

  it("that was there first is found, and no second turn made", async () => {
    await sayAndDie();
    world.goTo("2026-03-02T10:35:00Z");
    await world.sweep();
    await arrive();
    await world.settle();
    world.goTo("2026-03-02T12:00:00Z");
    await world.settle();
    expect(world.delivered()).toMatchObject([{ turns: 2, messages: [{}, {}, { content: "two" }, {}] }]);
    expect(world.replies.effects.map(({ body }) => body.text)).toEqual(["You said: one", "You said: two"]);
  });
});
