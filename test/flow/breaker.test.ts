import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/config/Adapter.ts";
import { breakerSchema } from "../../lib/hooks/Breaker.ts";
import { deliverHook } from "../../lib/hooks/deliverHook.ts";
import type { Hook } from "../../lib/hooks/Hook.ts";
import { jobOf } from "../../lib/hooks/jobOf.ts";
import { builtin } from "../../lib/index.ts";
import type { MemoryProvider } from "../../lib/memory/MemoryProvider.ts";
import { breakerItem, hookItem } from "../../lib/runtime/keys.ts";
import { parseVersioned } from "../../lib/runtime/parseVersioned.ts";
import { hookRows, queueDepth } from "../world/rows.ts";
import { startWorld, type World } from "../world/World.ts";
import { webhookTo } from "../world/webhookTo.ts";

const TEN = Date.parse("2026-03-02T10:00:00Z");
const MINUTE = 60_000;

describe("a provider that is dead", () => {
  let world: World;
  let sessions: number;
  beforeEach(async () => {
    world = await startWorld();
    world.deploy({ memory: { crm: webhookTo(world.provider) } });
    sessions = 0;
  });
  afterEach(() => world.stop());

  it("is not called any more after five failures in a row; its jobs wait without an attempt, and no other provider does", async () => {
    world.deploy({ memory: { crm: webhookTo(world.provider), builtin: builtin() } });
    world.provider.setMode(503);
    await end(8);

    expect(world.provider.requests).toHaveLength(5);
    expect(await breaker()).toMatchObject({
      ...{ provider: "crm", status: "open", failures: 5, openedAt: TEN, probeAt: TEN + MINUTE, changedAt: TEN },
      last: { at: TEN, kind: "transient", status: 503, message: expect.stringContaining("answered 503") },
    });
    const hooks = await hookRows(world, "crm");
    expect(hooks.filter(({ attempts }) => attempts === 1)).toHaveLength(5);
    const waiting = hooks.filter(({ attempts }) => attempts === 0);
    expect(waiting).toMatchObject(Array(3).fill({ status: "pending", shelved: true, failures: [] }));
    for (const { nextAttemptAt } of waiting) {
      expect(nextAttemptAt).toBeGreaterThanOrEqual(TEN + MINUTE);
      expect(nextAttemptAt).toBeLessThanOrEqual(TEN + 2 * MINUTE);
    }
    expect(new Set(waiting.map(({ nextAttemptAt }) => nextAttemptAt)).size).toBe(3);
    // Those that were tried wait there for ten seconds, the others not at all.
    expect(await queueDepth(world, world.wiring.queues.sessionEnd.crm)).toBe(5);
    expect(await hookRows(world, "builtin")).toMatchObject(Array(8).fill({ status: "delivered" }));
    expect(world.logged.filter(({ event }) => event === "breaker.opened")).toHaveLength(1);
    expect(world.measured).toContainEqual({ name: "BreakerOpen", value: 1, unit: "Count", by: { Provider: "crm" } });
  });

  it("is asked once a minute at the most, and when it is back everything that waits is delivered within half an hour", async () => {
    world.provider.setMode(503);
    await end(8);
    const before = world.provider.requests.length;
    await minutes(20);
    const probes = world.provider.requests.length - before;
    expect(probes).toBeGreaterThan(2);
    expect(probes).toBeLessThanOrEqual(20);
    expect(await breaker()).toMatchObject({ status: "open", failures: 5 + probes });
    // Waiting used up nothing of anybody's schedule.
    const attempts = (await hookRows(world, "crm")).reduce((sum, hook) => sum + hook.attempts, 0);
    expect(attempts).toBe(5 + probes);

    world.provider.setMode("ok");
    const own = (await hookRows(world, "crm")).filter(({ failures }) => failures.length === 0);
    expect(own.length).toBeGreaterThan(0);
    await minutes(31);
    const late = await hookRows(world, "crm");
    for (const { session } of own) {
      expect(late.find((hook) => hook.session === session)).toMatchObject({ status: "delivered", attempts: 1 });
    }
    expect(await breaker()).toEqual({
      ...{ provider: "crm", status: "closed", failures: 0 },
      ...{ last: expect.objectContaining({ status: 503 }), changedAt: expect.any(Number) },
    });
    expect(world.provider.received.every(({ repeated }) => !repeated)).toBe(true);
  }, 60_000);

  it("is called by one of two jobs that come when the probe is due, and by the next a minute later", async () => {
    world.provider.setMode(503);
    await end(7);
    const waiting = (await hookRows(world, "crm")).filter(({ attempts }) => attempts === 0);
    world.advance("2m");
    await Promise.all(waiting.map(deliver));
    expect(world.provider.requests).toHaveLength(6);
    const after = (await hookRows(world, "crm")).filter((hook) =>
      waiting.some(({ session }) => session === hook.session),
    );
    expect(after.map(({ attempts }) => attempts).sort()).toEqual([0, 1]);
    expect(await breaker()).toMatchObject({ probeAt: TEN + 3 * MINUTE, failures: 6 });
  });

  it("costs a sweep one write for each hook that is due, and one job when a probe is due", async () => {
    world.provider.setMode(503);
    await end(9);
    await write({ probeAt: TEN + 20 * MINUTE });
    world.advance("3m");
    await world.sweep();
    const calls = world.outside.calls.filter((call) => call !== "QueryCommand");
    // One read a provider. The oldest that was met is watched: a write more.
    expect(calls.toSorted()).toEqual(["GetItemCommand", ...Array(5).fill("UpdateItemCommand")]);
    expect((await hookRows(world, "crm")).filter(({ attempts }) => attempts === 0)).toMatchObject(
      Array(4).fill({ shelved: true, enqueues: 0 }),
    );

    await write({ probeAt: TEN });
    world.advance("6m");
    const depth = await queueDepth(world, world.wiring.queues.sessionEnd.crm);
    await world.sweep();
    expect(await queueDepth(world, world.wiring.queues.sessionEnd.crm)).toBe(depth + 1);
  });

  it.each([401, 400, 409, 429])("is another than one that answers %i, however often", async (status) => {
    world.provider.failNext(4, 503);
    await end(4);
    expect(await breaker()).toMatchObject({ status: "closed", failures: 4 });
    world.provider.failNext(1, status);
    await end(1);
    expect(await breaker()).toMatchObject({ status: "closed", failures: 0 });
    world.provider.setMode(status);
    await end(6);
    expect(await breaker()).toMatchObject({ status: "closed", failures: 0 });
    expect(world.provider.requests).toHaveLength(11);
  });

  it("is another than one whose adapter has a bug: nothing is said of the provider, and no row is written", async () => {
    give({ onSessionEnd: () => Promise.reject(new TypeError("undefined is not a function")) });
    await end(6);
    expect(await breaker()).toBeUndefined();
    expect(await world.deadHooks()).toHaveLength(6);
  });

  it("has a row from its first failure on only, which the first answer after it sets right", async () => {
    await end(1);
    expect(await breaker()).toBeUndefined();
    world.provider.failNext(1, 503);
    await end(1);
    expect(await breaker()).toMatchObject({ status: "closed", failures: 1 });
    await end(1);
    const { changedAt } = (await breaker()) ?? {};
    expect(await breaker()).toMatchObject({ status: "closed", failures: 0 });
    world.advance("1s");
    await end(1);
    expect(await breaker()).toMatchObject({ changedAt });
  });

  it("lets a hook that is redriven wait like any other, and counts a crash before it later", async () => {
    world.provider.failNext(1, 401);
    await end(1);
    world.provider.setMode(503);
    await end(5);
    world.advance("1s");
    const dead = await world.deadHooks();
    expect(await world.redrive(dead)).toBe(1);
    const redriven = async () => (await hookRows(world, "crm")).find(({ session }) => session === dead[0]?.session);
    const first = await redriven();
    if (!first) throw new Error("no hook");
    // A worker took it up once more and died.
    await world.operatorTable.client.send(
      new PutCommand({
        TableName: world.wiring.tableName,
        Item: {
          ...{ ...hookItem(first.session, "crm"), v: 1, ...first, status: "pending", attempts: 1 },
          ...{ lease: { id: "dead", until: TEN }, state: "DUE#0", at: TEN },
        },
      }),
    );
    await world.settle();
    expect(await redriven()).toMatchObject({ attempts: 1, shelved: true, lease: { id: "dead" } });
    world.provider.setMode("ok");
    await minutes(20);
    expect(await redriven()).toMatchObject({
      status: "delivered",
      attempts: 2,
      failures: expect.arrayContaining([expect.objectContaining({ kind: "AttemptCrashed" })]),
    });
  });

  it("that is taken out of the config has no breaker: its hooks are dead and say so", async () => {
    world.provider.setMode(503);
    await end(6);
    world.deploy({ memory: { builtin: builtin() } });
    await minutes(10);
    const hooks = await hookRows(world, "crm");
    expect(hooks).toMatchObject(Array(6).fill({ status: "dead" }));
  });

  /** So many sessions end, of one turn each, and are delivered as far as that goes now. */
  async function end(count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      const conversation = `chat-${sessions++}`;
      await world.chat("hello", { conversation });
      await world.chat("/reset", { conversation });
    }
  }

  /** So many minutes pass, each with its sweep. */
  async function minutes(count: number): Promise<void> {
    for (let passed = 0; passed < count; passed++) {
      world.advance("1m");
      await world.sweep();
      await world.settle();
    }
  }

  async function breaker() {
    const { Item } = await world.operatorTable.client.send(
      new GetCommand({ TableName: world.wiring.tableName, Key: breakerItem("crm"), ConsistentRead: true }),
    );
    return Item && parseVersioned(breakerSchema, Item);
  }

  async function write(change: object): Promise<void> {
    const Item = { ...breakerItem("crm"), v: 1, ...(await breaker()), ...change };
    await world.operatorTable.client.send(new PutCommand({ TableName: world.wiring.tableName, Item }));
  }

  function deliver(hook: Hook) {
    return deliverHook(world.services, world.queues.deadLetters, jobOf(hook), Date.now() + MINUTE);
  }

  function give(provider: Pick<MemoryProvider, "onSessionEnd">): void {
    const create = (): MemoryProvider => ({ capabilities: { idempotency: "none" }, ...provider });
    world.deploy({ memory: { crm: defineAdapter("memory", "custom", v.strictObject({}), create)() } });
  }
});
