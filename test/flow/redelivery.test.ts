import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { allRows, conversationRows, sessionRows } from "../world/rows.ts";
import { sweepAt } from "../world/sweepAt.ts";
import { startWorld, type World } from "../world/World.ts";

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
