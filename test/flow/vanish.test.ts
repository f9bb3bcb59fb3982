import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { conversationRows } from "../world/rows.ts";
import { sweepAt } from "../world/sweepAt.ts";
import { startWorld, type World } from "../world/World.ts";

describe("a client vanishes without a word", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  it("L11 between two messages: the idle limit ends its session, which is delivered whole", async () => {
    await world.chat("one");
    await world.chat("two");
    await world.replies.close();

    await sweepAt(world, "2026-03-02T10:30:00Z");

    expect(world.delivered()).toMatchObject([{ reason: "idle", turns: 2, endedAt: "2026-03-02T10:30:00.000Z" }]);
    expect(await conversationRows(world)).toEqual([]);
  });

  it("L11 while it is answered: the session is delivered on time, without the reply that nobody took", async () => {
    await world.chat("one");
    world.advance("1m");
    await world.say("two");
    await world.replies.close();
    for (let minute = 0; minute < 30; minute++) {
      await world.settle();
      world.advance("1m");
      await world.sweep();
    }
    await world.settle();

    expect(world.replies.effects.map(({ body }) => body.text)).toEqual(["You said: one"]);
    expect(world.delivered()).toMatchObject([
      {
        reason: "idle",
        endedAt: "2026-03-02T10:31:00.000Z",
        messages: [{ content: "one" }, { role: "assistant", content: "You said: one" }, { content: "two" }],
      },
    ]);
  });
});
