import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sessionRows } from "../world/rows.ts";
import { startWorld, type World } from "../world/World.ts";

describe("/new ends the running session and may begin the next one", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  it("L3 what follows it is the successor's first turn", async () => {
    await world.chat("hello");
    world.advance("1m");

    expect(await world.chat("/new plan my trip")).toEqual(["You said: plan my trip"]);
    await world.chat("/reset");

    expect(world.delivered()).toMatchObject([
      { reason: "reset", turns: 1, messages: [{ content: "hello" }, {}] },
      { reason: "reset", turns: 1, messages: [{ content: "plan my trip" }, { content: "You said: plan my trip" }] },
    ]);
  });

  it("W1 W3 L14 with a message 100 ms after it, the old transcript comes under the old id, whole", async () => {
    const bob = { conversation: "bob", user: { id: "bob" } };
    await world.say("one", bob);
    await world.say("two", bob);
    await world.step.message();
    world.advance("1m");
    await world.say("/new", bob);
    world.advance("100ms");
    await world.say("three", bob);
    await world.settle();
    world.advance("1m");
    await world.chat("/new", bob);

    const sessions = await sessionRows(world, "bob");
    expect(world.delivered().slice(-2)).toMatchObject([
      { session: sessions[0]?.session, turns: 2, messages: [{ content: "one" }, {}, { content: "two" }, {}] },
      { session: sessions[1]?.session, turns: 1, messages: [{ content: "three" }, {}] },
    ]);
  });
});
