import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sweepAt } from "../world/sweepAt.ts";
import { startWorld, type World } from "../world/World.ts";

describe("a session ends at its maximum age", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    world.deploy({ sessions: { default: { maxAge: "2h", idle: "30m" } } });
  });
  afterEach(() => world.stop());

  it("P1 however lively it is, and the user is told the true reason", async () => {
    for (let minutes = 0; minutes < 120; minutes += 20) {
      await world.chat(`after ${minutes} minutes`);
      world.advance("20m");
    }
    await sweepAt(world, "2026-03-02T11:59:30Z");

    expect(world.delivered()).toMatchObject([{ reason: "max-age", turns: 6, endedAt: "2026-03-02T12:00:00.000Z" }]);
    expect((await world.chat("and on"))[0]).toContain("its longest duration");
  });

  it("P1 a chat that never pauses for a minute does not carry it over its age", async () => {
    world.deploy({ sessions: { default: { maxAge: "5m" } } });
    for (let message = 0; message < 15; message++) {
      await world.chat(`message ${message}`);
      world.advance("30s");
    }
    await world.settle();

    expect(world.delivered()).toMatchObject([{ reason: "max-age", turns: 10 }]);
  });
});
