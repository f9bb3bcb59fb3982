import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deliverHook } from "../../lib/hooks/deliverHook.ts";
import { forwardHook, forwardHooks } from "../../lib/hooks/forwardHook.ts";
import type { Hook } from "../../lib/hooks/Hook.ts";
import { jobOf } from "../../lib/hooks/jobOf.ts";
import { allRows, hookRows, queueDepth } from "../world/rows.ts";
import { startWorld, type World } from "../world/World.ts";
import { webhookTo } from "../world/webhookTo.ts";

const MINUTE = 60_000;

describe("an operator brings a pending hook forward", () => {
  let world: World;
  let sessions: number;
  beforeEach(async () => {
    world = await startWorld();
    world.deploy({ memory: { crm: webhookTo(world.provider) }, hooks: { retry: ["4h", "4h"] } });
    sessions = 0;
  });
  afterEach(() => world.stop());

  it("that waits for hours: it is delivered now, and its attempts stay counted", async () => {
    world.provider.failNext(1, 503);
    const hook = await end();
    expect(hook).toMatchObject({ shelved: true, attempts: 1 });
    world.advance("10m");

    expect(await forward(hook)).toBe(true);
    // Should its job get lost, the sweep finds it in five minutes.
    const [row] = (await allRows(world)).filter(({ sk }) => sk === "HOOK#crm");
    expect(row).toMatchObject({ nextAttemptAt: Date.now(), at: Date.now() + 5 * MINUTE, attempts: 1 });
    expect(row).not.toHaveProperty("shelved");
    await world.settle();
    expect(await hookRows(world)).toMatchObject([{ status: "delivered", attempts: 2 }]);
  });

  it("together with another operator: one of the two does, and there is one call", async () => {
    world.provider.failNext(1, 503);
    const hook = await end();
    world.advance("10m");
    expect((await Promise.all([forward(hook), forward(hook)])).sort()).toEqual([false, true]);
    await world.settle();
    expect(world.provider.requests).toHaveLength(2);
    expect(world.provider.received).toHaveLength(1);
  });

  it("whose old queue message comes later: it finds nothing to do", async () => {
    world.deploy({ memory: { crm: webhookTo(world.provider) }, hooks: { retry: ["4m", "4h"] } });
    world.provider.failNext(2, 503);
    const hook = await end();
    expect(await queueDepth(world, world.wiring.queues.sessionEnd.crm)).toBe(1);
    expect(await forward(hook)).toBe(true);
    await world.settle();
    expect(await hookRows(world)).toMatchObject([{ status: "pending", attempts: 2, shelved: true }]);
    world.advance("5m");
    await world.settle();
    expect(await hookRows(world)).toMatchObject([{ status: "pending", attempts: 2, shelved: true }]);
    expect(await queueDepth(world, world.wiring.queues.sessionEnd.crm)).toBe(0);
    expect(world.provider.requests).toHaveLength(2);
  });

  it("that a worker has, or that is not as it was seen, or not pending any more: it is left alone", async () => {
    world.provider.setMode(503);
    const hook = await end();
    world.provider.setMode("hang");
    world.advance("4h");
    const working = deliverHook(world.services, world.queues.deadLetters, jobOf(hook), Date.now() + MINUTE);
    while (world.provider.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    const [held] = await hookRows(world);
    if (!held) throw new Error("no hook");
    expect(await forward(held)).toBe(false);
    expect(await forward(hook)).toBe(false);
    expect(await queueDepth(world, world.wiring.queues.sessionEnd.crm)).toBe(0);
    await world.provider.close();
    await working;
    expect(await forward(hook)).toBe(false);
  });

  it("behind an open breaker: of many the first is the probe, and the others go on waiting until it has answered", async () => {
    world.provider.setMode(503);
    for (let index = 0; index < 8; index++) await end();
    expect(world.provider.requests).toHaveLength(5);
    const hooks = await hookRows(world);
    expect(await forwardHooks(world.services, world.queues.sessionEnd, hooks)).toHaveLength(8);
    await world.settle();
    expect(world.provider.requests).toHaveLength(6);
    expect((await hookRows(world)).filter(({ shelved }) => shelved)).toHaveLength(8);

    world.provider.setMode("ok");
    const after = await hookRows(world);
    world.advance("1s");
    expect(await forwardHooks(world.services, world.queues.sessionEnd, after)).toHaveLength(8);
    await world.settle();
    // The probe's answer has closed it, so that those behind it are sent, too.
    expect(await hookRows(world)).toMatchObject(Array(8).fill({ status: "delivered" }));
  });

  /** A session ends and is delivered as far as that goes; answers its hook. */
  async function end(): Promise<Hook> {
    const conversation = `chat-${sessions++}`;
    await world.chat("hello", { conversation });
    await world.chat("/reset", { conversation });
    const hook = (await hookRows(world)).find((found) => found.conversation.includes(conversation));
    if (!hook) throw new Error("no hook");
    return hook;
  }

  function forward(hook: Hook): Promise<boolean> {
    return forwardHook(world.services, world.queues.sessionEnd, hook);
  }
});
