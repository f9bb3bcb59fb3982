import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { allRows, hookRows, sessionRows } from "../world/rows.ts";
import { sweepAt } from "../world/sweepAt.ts";
import { startWorld, type World } from "../world/World.ts";

describe("who is remembered, and who is not", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  it("P13 L22 /memory off: no provider gets the session, and the ledger says why", async () => {
    await world.chat("I like tea");
    expect(await world.chat("/memory off")).toEqual(["Nothing of this conversation will be remembered."]);
    await world.chat("I like jazz");
    await world.chat("/reset");

    expect(world.provider.requests).toEqual([]);
    expect(await hookRows(world)).toMatchObject(Array(2).fill({ status: "skipped", skipped: "memory-off" }));
    expect(await memories()).toEqual([]);
  });

  it("P13 it holds for the running session only, and /memory on takes it back", async () => {
    await world.chat("/memory off");
    await world.chat("I like tea");
    await world.chat("/memory on");
    world.advance("1m");
    await world.chat("/reset");
    await world.chat("/memory off");
    await world.chat("I like jazz");
    world.advance("1m");
    await world.chat("/new");
    await world.chat("I like chess");
    world.advance("1m");
    await world.chat("/reset");

    expect(world.delivered().map(({ messages }) => messages[0].content)).toEqual(["I like tea", "I like chess"]);
    expect(world.delivered()[0].messages).toHaveLength(2);
  });

  it("P13 also when the end is found by the sweep alone", async () => {
    await world.chat("/memory off");
    await world.chat("I like tea");
    world.goTo("2026-03-02T10:30:00Z");
    await world.sweep();
    await world.stream.drop();
    await sweepAt(world, "2026-03-02T10:31:00Z");
    await sweepAt(world, "2026-03-02T10:37:00Z");

    expect(await sessionRows(world)).toMatchObject([{ reason: "recovered", memory: "off" }]);
    expect(await hookRows(world)).toMatchObject(Array(2).fill({ status: "skipped", skipped: "memory-off" }));
    expect(world.provider.requests).toEqual([]);
  });

  it("P13 nothing is recited any more either, once it is off", async () => {
    await world.chat("My name is Ann");
    await world.chat("/reset");
    expect((await world.chat("hello")).join()).toContain("Name: Ann");

    await world.chat("/memory off");

    expect(await world.chat("hello?")).toEqual(["You said: hello?"]);
  });

  it("W11 a session of scheduled messages alone skips memory, with that reason", async () => {
    await world.chat("Write the digest", { origin: "scheduled" });
    await world.chat("Good morning!", { origin: "scheduled", role: "assistant" });
    await sweepAt(world, "2026-03-02T10:30:00Z");

    expect(await hookRows(world)).toMatchObject(Array(2).fill({ status: "skipped", skipped: "scheduled" }));
    expect(world.provider.requests).toEqual([]);
  });

  it("W11 T13 one that a person joins is remembered, without the scheduled prompt; the person's memories are recalled", async () => {
    await world.chat("My name is Ann");
    await world.chat("/reset");
    await sweepAt(world, "2026-03-02T10:30:00Z");
    await world.chat("Write the digest", { origin: "scheduled" });
    world.advance("1m");

    expect((await world.chat("thanks")).join()).toContain("Name: Ann");
    await world.chat("/reset");

    expect(world.delivered().at(-1)).toMatchObject({
      turns: 2,
      messages: [
        { role: "assistant", content: "You said: Write the digest" },
        { role: "user", content: "thanks" },
        { role: "assistant" },
      ],
    });
  });

  async function memories(): Promise<readonly unknown[]> {
    return (await allRows(world)).filter(({ pk }) => String(pk).startsWith("MEMORY#"));
  }
});
