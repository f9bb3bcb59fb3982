import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { conversationRows, sessionRows, turnRows } from "../world/rows.ts";
import { sweepAt } from "../world/sweepAt.ts";
import { SECRET_HEADERS, updateOf } from "../world/telegram.ts";
import { startWorld, type World } from "../world/World.ts";

describe("policies differ", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  it("L6 P6 a session under policy none lives for weeks, and a late /new delivers it", async () => {
    world.deploy({ sessions: { default: "none" } });
    await world.chat("remember me");
    for (let day = 0; day < 21; day++) {
      world.advance("1d");
      await world.sweep();
      await world.ttl();
      await world.settle();
    }
    expect(world.delivered()).toEqual([]);
    expect(await world.chat("still here?")).toEqual(["You said: still here?"]);

    world.advance("1d");
    await world.chat("/new");

    expect(world.delivered()).toMatchObject([
      { reason: "reset", turns: 2, startedAt: "2026-03-02T10:00:00.000Z", endedAt: "2026-03-24T10:00:00.000Z" },
    ]);
  });

  it("P6 P7 by platform and by chat type: each ends at its own time, and ending deletes nothing", async () => {
    world.deploy({
      sessions: { default: { idle: "30m" }, byPlatform: { telegram: "none" }, byChatType: { group: { idle: "5m" } } },
    });
    await world.chat("in private");
    await world.chat("in a group", { conversation: "team", chatType: "group" });
    await world.post("telegram", JSON.stringify(updateOf({ date: Date.now() / 1000 })), SECRET_HEADERS);
    await world.settle();

    await sweepAt(world, "2026-03-02T10:05:00Z");
    expect(world.delivered()).toMatchObject([{ chat: { id: "team", type: "group" }, reason: "idle" }]);
    await sweepAt(world, "2026-03-02T10:30:00Z");
    expect(world.delivered()).toMatchObject([{ chat: { type: "group" } }, { chat: { type: "dm" }, reason: "idle" }]);
    await sweepAt(world, "2026-03-09T10:30:00Z");
    expect(world.delivered()).toHaveLength(2);

    expect(await conversationRows(world)).toHaveLength(1);
    for (const { session } of await sessionRows(world)) expect(await turnRows(world, session)).toHaveLength(1);
  });
});
