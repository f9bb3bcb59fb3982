import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { allRows, sessionRows, turnRows } from "../world/rows.ts";
import { told } from "../world/told.ts";
import { startWorld, type World } from "../world/World.ts";

describe("transcripts are kept for 30 days", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    for (let number = 0; number < 15; number++) {
      await world.chat(`message ${number}`);
      world.advance("1s");
    }
  });
  afterEach(() => world.stop());

  it("P7 and then deleted wholly, if they have been delivered", async () => {
    await end();
    const before = (await allRows(world)).length;
    world.goTo("2026-04-01T10:30:13Z");
    await world.retention();
    expect(await allRows(world)).toHaveLength(before);

    world.goTo("2026-04-01T10:30:14Z");
    await world.retention();

    const rows = await allRows(world);
    expect(rows.filter(({ pk }) => String(pk).startsWith("SESSION#"))).toEqual([]);
    expect(await sessionRows(world)).toEqual([]);
    expect(rows.every(({ pk }) => String(pk).startsWith("MEMORY#"))).toBe(true);
  });

  it.each([
    ["dead", 401],
    ["pending", 503],
  ])("L7 L17 and longer while a hook is %s: what could not be delivered is not thrown away", async (status, answer) => {
    world.provider.setMode(answer);
    await end();
    const [session] = await sessionRows(world);
    const turns = await turnRows(world, session?.session ?? "");
    world.advance("40d");
    await world.retention();
    expect(await turnRows(world, session?.session ?? "")).toEqual(turns);
    expect(turns).toHaveLength(15);

    world.provider.setMode("ok");
    if (status === "dead") await world.redrive(await world.deadHooks());
    else await world.sweep();
    await world.settle();
    expect(world.delivered()).toMatchObject([{ turns: 15 }]);
    world.advance("10m");
    await world.retention();
    expect(await sessionRows(world)).toEqual([]);
    expect(await turnRows(world, session?.session ?? "")).toEqual([]);
  });

  it("a running session is never touched, however old it is", async () => {
    world.deploy({ sessions: { default: "none" } });
    await world.chat("one more");
    world.advance("40d");
    await world.retention();

    expect(await world.chat("still here?")).toHaveLength(1);
    await world.chat("/reset");
    expect(world.delivered()).toMatchObject([{ turns: 17 }]);
  });

  /** The session ends at 10:30:14 and is worked. */
  async function end(): Promise<void> {
    world.goTo("2026-03-02T10:30:30Z");
    await world.ttl();
    await world.settle();
  }
});

describe("retention tells how it went", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    await world.chat("hello");
    await world.chat("/reset");
    world.advance("40d");
  });
  afterEach(() => world.stop());

  it("by a metric of each run, and by another of the sessions that it could not delete", async () => {
    world.outside.fail("BatchWriteItemCommand");
    expect(await told(world, () => world.retention())).toMatchObject({
      lines: [expect.stringContaining("error purge.failed"), "info purge.done purged=0 kept=0 failed=1 finished=true"],
      metrics: ["PurgeFailed 1 Count", "PurgeDone 1 Count"],
    });
    expect(await told(world, () => world.retention())).toEqual({
      lines: ["info purge.done purged=1 kept=0 failed=0 finished=true"],
      metrics: ["PurgeDone 1 Count"],
    });
  });
});
