import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hookRows, queueDepth } from "../world/rows.ts";
import { startWorld, type World } from "../world/World.ts";

describe("a hook that can't be delivered", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  it("L7 P12 wrong credentials: dead at once, visible with the reason, and on the dead-letter queue", async () => {
    world.provider.setMode(401);
    await endOne();

    expect(await hookRows(world)).toMatchObject([
      { provider: "builtin", status: "delivered" },
      { provider: "crm", status: "dead", attempts: 1, failures: [{ kind: "auth", status: 401 }] },
    ]);
    expect(await world.deadLetters()).toBe(1);
    expect(await queueDepth(world, world.wiring.queues.sessionEnd.crm)).toBe(0);
    expect(world.logged.map(({ event }) => event)).toContain("hook.dead");
    world.advance("7d");
    await world.sweep();
    await world.settle();
    expect(world.provider.requests).toHaveLength(1);
  });

  it("L10 a schedule that is used up ends in the dead-letter queue, never in silence", async () => {
    world.deploy({ hooks: { retry: ["10s", "1m"] } });
    world.provider.setMode(503);
    await endOne();
    for (let second = 0; second < 80; second += 10) {
      world.advance("10s");
      await world.settle();
    }

    expect(await hookRows(world, "crm")).toMatchObject([
      { status: "dead", attempts: 3, failures: [{ status: 503 }, { status: 503 }, { status: 503 }] },
    ]);
    expect(world.provider.requests).toHaveLength(3);
    expect(await world.deadLetters()).toBe(1);
  });

  it("L10 the default schedule outlives a provider that is away for a day", async () => {
    world.provider.setMode(503);
    await endOne();
    for (let hour = 0; hour < 25; hour++) {
      world.advance("1h");
      await world.sweep();
      await world.settle();
    }
    expect(await hookRows(world, "crm")).toMatchObject([{ status: "pending" }]);

    world.provider.setMode("ok");
    for (let hour = 0; hour < 12; hour++) {
      world.advance("1h");
      await world.sweep();
      await world.settle();
    }
    expect(world.delivered()).toHaveLength(1);
    expect(world.provider.received).toHaveLength(1);
  });

  it("L12 D8 two operators redrive it at once: one revives it, it is delivered once, and no dead letter is left", async () => {
    world.provider.setMode(401);
    await endOne();
    await endOne("bob");
    world.provider.setMode("ok");
    const [dead, other] = await hookRows(world, "crm");
    if (!dead || !other) throw new Error("two hooks should be dead");

    const revived = await Promise.all([world.redrive([dead]), world.redrive([dead]), world.redrive([dead])]);
    await world.settle();

    expect(revived.toSorted()).toEqual([0, 0, 1]);
    expect(world.delivered()).toMatchObject([{ session: dead.session }]);
    expect(await hookRows(world, "crm")).toMatchObject([{ status: "delivered", redrives: 1 }, { status: "dead" }]);
    expect(await world.deadLetters()).toBe(1);

    expect(await world.redrive([dead, other])).toBe(1);
    await world.settle();
    expect(world.delivered().map(({ session }) => session)).toEqual([dead.session, other.session]);
    expect(world.provider.received).toHaveLength(2);
    expect(await world.deadLetters()).toBe(0);
  });

  it("a redrive into the same fault is another death, which can be redriven again", async () => {
    world.provider.setMode(401);
    await endOne();
    world.advance("1h");
    await world.redrive(await world.deadHooks());
    await world.settle();
    expect(await hookRows(world, "crm")).toMatchObject([{ status: "dead", redrives: 1, failures: [{}, {}] }]);
    expect(await world.deadLetters()).toBe(1);

    world.provider.setMode("ok");
    await world.redrive(await world.deadHooks());
    await world.settle();
    expect(world.delivered()).toHaveLength(1);
    expect(await world.deadLetters()).toBe(0);
  });

  async function endOne(conversation = "ann"): Promise<void> {
    await world.chat("hello", { conversation });
    await world.chat("/reset", { conversation });
    world.advance("1s");
  }
});
