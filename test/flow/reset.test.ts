import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { conversationRows, sessionRows, turnRows } from "../world/rows.ts";
import { startWorld, type World } from "../world/World.ts";

describe("/reset ends the running session", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  it("L3 P11 the old session is delivered once, the user is answered, and the agent knows of the session before", async () => {
    await world.chat("hello");
    world.advance("5m");

    expect(await world.chat("/reset")).toEqual(["Done: a new conversation begins."]);

    expect(world.delivered()).toMatchObject([
      { reason: "reset", turns: 1, endedAt: "2026-03-02T10:05:00.000Z", messages: [{ content: "hello" }, {}] },
    ]);
    const [old] = await sessionRows(world);
    expect(await conversationRows(world)).toMatchObject([{ previous: { session: old?.session, reason: "reset" } }]);
  });

  it("the next message gets no notice of what the user did", async () => {
    expect(await world.chat("hello again")).toHaveLength(1);
  });

  it("D9 a /reset that the platform sends again, at once or much later, resets nothing", async () => {
    const reset = { delivery: "reset-2", sentAt: Date.now() };
    await world.chat("/reset", reset);
    const before = await sessionRows(world);
    await world.chat("kept");

    expect(await world.chat("/reset", reset)).toEqual([]);
    world.advance("10m");
    expect(await world.chat("/reset", reset)).toEqual([]);

    expect(await sessionRows(world)).toEqual(before);
    expect(world.delivered()).toHaveLength(2);
    expect(await world.chat("still the same session")).toHaveLength(1);
    expect(await turnRows(world, before.at(-1)?.session ?? "")).toHaveLength(3);
  });

  it("on a conversation without a session it starts an empty one, which a second one does not end", async () => {
    await world.chat("/reset", { conversation: "bob" });
    world.advance("1m");
    await world.chat("/reset", { conversation: "bob" });

    expect(await sessionRows(world, "bob")).toMatchObject([{ status: "open" }]);
    expect(world.delivered()).toHaveLength(2);
  });
});
