import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type World } from "../world/World.ts";

describe("a session ends when its conversation falls idle", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  it("L1 L4 every provider gets its transcript once, with no process holding it in memory", async () => {
    expect(await world.chat("My name is Ann")).toEqual(["You said: My name is Ann"]);
    expect(await world.chat("I like tea")).toEqual(["You said: I like tea"]);

    world.advance("29m");
    await world.sweep();
    await world.settle();
    expect(world.delivered()).toEqual([]);

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
  });

  it("P11 the next message starts a successor, is told so, and the agent recalls", async () => {
    const replies = await world.chat("hello again");
    expect(replies[0]).toContain("a while without a message");
    expect(replies[1]).toContain("Ann");
  });
});
