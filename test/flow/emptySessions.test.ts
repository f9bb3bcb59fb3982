import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { allRows, sessionRows } from "../world/rows.ts";
import { startWorld, type World } from "../world/World.ts";

describe("a session in which nothing is said", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  it("is not ended by another /reset or /new: there is a new session already", async () => {
    await world.chat("one");
    for (const text of ["/reset", "/new", "/reset"]) {
      expect(await world.chat(text)).toEqual(["Done: a new conversation begins."]);
    }
    expect(await sessionRows(world)).toMatchObject([{ status: "ended" }, { status: "open" }]);

    await world.chat("/new two");
    expect(await sessionRows(world)).toHaveLength(2);
    await world.chat("/reset");
    expect(world.delivered()).toMatchObject([
      { turns: 1, messages: [{ content: "one" }, {}] },
      { turns: 1, messages: [{ content: "two" }, {}] },
    ]);
  });

  it("is ended by /reset where somebody moved their memory switch in it", async () => {
    await world.chat("/memory on");
    await world.chat("/reset");
    await world.chat("one");
    await world.chat("/reset");
    expect(world.delivered()).toMatchObject([{ turns: 1, messages: [{ content: "one" }, {}] }]);
  });

  it("leaves nothing in the ledger when it ends, its row says so, and a command that comes again is known for 8 days", async () => {
    await world.chat("/reset", { delivery: "again", sentAt: Date.now() });
    const sentAt = Date.now();
    world.advance("31m");
    await world.sweep();
    await world.settle();
    expect(await sessionRows(world)).toMatchObject([{ status: "ended", reason: "idle", turns: 0 }]);
    expect((await allRows(world)).filter(({ sk }) => String(sk).startsWith("HOOK#"))).toEqual([]);

    world.advance("7d");
    expect(await world.chat("/reset", { delivery: "again", sentAt })).toEqual([]);
    expect(await sessionRows(world)).toHaveLength(1);
  });
});
