import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { MemoryProvider } from "../../lib/adapter/MemoryProvider.ts";
import { breakerSchema } from "../../lib/domain/Breaker.ts";
import type { Hook } from "../../lib/domain/Hook.ts";
import { jobOf } from "../../lib/domain/HookJob.ts";
import { builtin } from "../../lib/memory/builtin/builtin.ts";
import { deliverHook } from "../../lib/session-end/deliverHook.ts";
import { breakerItem, hookItem } from "../../lib/store/keys.ts";
import { parseVersioned } from "../../lib/store/versions.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { hookRows, queueDepth } from "../harness/rows.ts";
import { webhookTo } from "../harness/webhookTo.ts";

const TEN = Date.parse("2026-03-02T10:00:00Z");

const MINUTE = 60_000;

describe("the breaker of a provider", () => {
  let harness: GatewayHarness;
  let sessions: number;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    harness.deploy({ memory: { crm: webhookTo(harness.provider) } });
    sessions = 0;
  });
  afterEach(() => harness.stop());

  it("opens after five failures in a row: jobs of that provider wait without an attempt, and those of no other", async () => {
    harness.deploy({ memory: { crm: webhookTo(harness.provider), builtin: builtin() } });
    harness.provider.setMode(503);
    await end(8);

    expect(harness.provider.requests).toHaveLength(5);
    expect(await breaker()).toMatchObject({
      ...{ provider: "crm", status: "open", failures: 5, openedAt: TEN, probeAt: TEN + MINUTE, changedAt: TEN },
      last: { at: TEN, kind: "transient", status: 503, message: expect.stringContaining("answered 503") },
    });
    const hooks = await hookRows(harness, "crm");
    expect(hooks.filter(({ attempts }) => attempts === 1)).toHaveLength(5);
    const waiting = hooks.filter(({ attempts }) => attempts === 0);
    expect(waiting).toMatchObject(Array(3).fill({ status: "pending", isDeferred: true, failures: [] }));
    for (const { nextAttemptAt } of waiting) {
      expect(nextAttemptAt).toBeGreaterThanOrEqual(TEN + MINUTE);
      expect(nextAttemptAt).toBeLessThanOrEqual(TEN + 2 * MINUTE);
    }
    expect(new Set(waiting.map(({ nextAttemptAt }) => nextAttemptAt)).size).toBe(3);
    // Those that were tried wait there for ten seconds, the others not at all.
    expect(await queueDepth(harness, harness.wiring.queues.sessionEnd.crm)).toBe(5);
    expect(await hookRows(harness, "builtin")).toMatchObject(Array(8).fill({ status: "delivered" }));
    expect(harness.logged.filter(({ event }) => event === "breaker.opened")).toHaveLength(1);
    expect(harness.measured).toContainEqual({ name: "BreakerOpen", value: 1, unit: "Count", by: { Provider: "crm" } });
  });

  it("lets one call a minute through, and delivers everything that waits within half an hour when the provider is back", async () => {
    harness.provider.setMode(503);
    // So many that the probes, which fall on any of them, do not reach them all.
    await end(24);
    const before = harness.provider.requests.length;
    await minutes(20);
    const probes = harness.provider.requests.length - before;
    expect(probes).toBeGreaterThan(2);
    expect(probes).toBeLessThanOrEqual(20);
    expect(await breaker()).toMatchObject({ status: "open", failures: 5 + probes });
    // Waiting used up nothing of anybody's schedule.
    const attempts = (await hookRows(harness, "crm")).reduce((sum, hook) => sum + hook.attempts, 0);
    expect(attempts).toBe(5 + probes);

    harness.provider.setMode("ok");
    const own = (await hookRows(harness, "crm")).filter(({ failures }) => failures.length === 0);
    expect(own.length).toBeGreaterThan(0);
    await minutes(31);
    const late = await hookRows(harness, "crm");
    for (const { session } of own) {
      expect(late.find((hook) => hook.session === session)).toMatchObject({ status: "delivered", attempts: 1 });
    }
    expect(await breaker()).toEqual({
      ...{ provider: "crm", status: "closed", failures: 0 },
      ...{ last: expect.objectContaining({ status: 503 }), changedAt: expect.any(Number) },
    });
    expect(harness.provider.received.every(({ repeated }) => !repeated)).toBe(true);
  }, 60_000);

  it("lets one of two jobs call that come when the probe is due, and the next a minute later", async () => {
    harness.provider.setMode(503);
    await end(7);
    const waiting = (await hookRows(harness, "crm")).filter(({ attempts }) => attempts === 0);
    harness.advance("2m");
    await Promise.all(waiting.map(deliver));
    expect(harness.provider.requests).toHaveLength(6);
    const after = (await hookRows(harness, "crm")).filter((hook) =>
      waiting.some(({ session }) => session === hook.session),
    );
    expect(after.map(({ attempts }) => attempts).sort()).toEqual([0, 1]);
    expect(await breaker()).toMatchObject({ probeAt: TEN + 3 * MINUTE, failures: 6 });
  });

  it("costs a sweep one write for each hook that is due, and one job when a probe is due", async () => {
    harness.provider.setMode(503);
    await end(9);
    await write({ probeAt: TEN + 20 * MINUTE });
    harness.advance("3m");
    await harness.sweep();
    const calls = harness.gate.calls.filter((call) => call !== "QueryCommand");
    // One read a provider. The oldest that was met is watched: a write more.
    expect(calls.toSorted()).toEqual(["GetItemCommand", ...Array(5).fill("UpdateItemCommand")]);
    expect((await hookRows(harness, "crm")).filter(({ attempts }) => attempts === 0)).toMatchObject(
      Array(4).fill({ isDeferred: true, enqueues: 0 }),
    );

    await write({ probeAt: TEN });
    harness.advance("6m");
    const depth = await queueDepth(harness, harness.wiring.queues.sessionEnd.crm);
    await harness.sweep();
    expect(await queueDepth(harness, harness.wiring.queues.sessionEnd.crm)).toBe(depth + 1);
  });

  it.each([401, 400, 409, 429])("stays closed for a provider that answers %i, however often", async (status) => {
    harness.provider.failNext(4, 503);
    await end(4);
    expect(await breaker()).toMatchObject({ status: "closed", failures: 4 });
    harness.provider.failNext(1, status);
    await end(1);
    expect(await breaker()).toMatchObject({ status: "closed", failures: 0 });
    harness.provider.setMode(status);
    await end(6);
    expect(await breaker()).toMatchObject({ status: "closed", failures: 0 });
    expect(harness.provider.requests).toHaveLength(11);
  });

  it("stays closed for an adapter with a bug: nothing is said of the provider, and no row is written", async () => {
    give({ onSessionEnd: () => Promise.reject(new TypeError("undefined is not a function")) });
    await end(6);
    expect(await breaker()).toBeUndefined();
    expect(await harness.deadHooks()).toHaveLength(6);
  });

  it("has a row from the first failure on only, which the first answer after that sets right", async () => {
    await end(1);
    expect(await breaker()).toBeUndefined();
    harness.provider.failNext(1, 503);
    await end(1);
    expect(await breaker()).toMatchObject({ status: "closed", failures: 1 });
    await end(1);
    const { changedAt } = (await breaker()) ?? {};
    expect(await breaker()).toMatchObject({ status: "closed", failures: 0 });
    harness.advance("1s");
    await end(1);
    expect(await breaker()).toMatchObject({ changedAt });
  });

  it("lets a hook that is redriven wait like any other, and counts a crash before it later", async () => {
    harness.provider.failNext(1, 401);
    await end(1);
    harness.provider.setMode(503);
    await end(5);
    harness.advance("1s");
    const dead = await harness.deadHooks();
    expect(await harness.redrive(dead)).toBe(1);
    const redriven = async () => (await hookRows(harness, "crm")).find(({ session }) => session === dead[0]?.session);
    const first = await redriven();
    if (!first) throw new Error("no hook");
    // A worker took it up once more and died.
    await harness.operatorTable.client.send(
      new PutCommand({
        TableName: harness.wiring.tableName,
        Item: {
          ...{ ...hookItem(first.session, "crm"), v: 1, ...first, status: "pending", attempts: 1 },
          ...{ lease: { id: "dead", until: TEN }, state: "DUE#0", at: TEN },
        },
      }),
    );
    await harness.settle();
    expect(await redriven()).toMatchObject({ attempts: 1, isDeferred: true, lease: { id: "dead" } });
    harness.provider.setMode("ok");
    await minutes(20);
    expect(await redriven()).toMatchObject({
      status: "delivered",
      attempts: 2,
      failures: expect.arrayContaining([expect.objectContaining({ kind: "AttemptCrashed" })]),
    });
  });

  it("holds up no hook of a provider that is taken out of the config: these are dead and say so", async () => {
    harness.provider.setMode(503);
    await end(6);
    harness.deploy({ memory: { builtin: builtin() } });
    await minutes(10);
    const hooks = await hookRows(harness, "crm");
    expect(hooks).toMatchObject(Array(6).fill({ status: "dead" }));
  });

  /** So many sessions end, of one turn each, and are delivered as far as that goes now. */
  async function end(count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      const conversation = `chat-${sessions++}`;
      await harness.chat("hello", { conversation });
      await harness.chat("/reset", { conversation });
    }
  }

  /** So many minutes pass, each with its sweep. */
  async function minutes(count: number): Promise<void> {
    for (let passed = 0; passed < count; passed++) {
      harness.advance("1m");
      await harness.sweep();
      await harness.settle();
    }
  }

  async function breaker() {
    const { Item } = await harness.operatorTable.client.send(
      new GetCommand({ TableName: harness.wiring.tableName, Key: breakerItem("crm"), ConsistentRead: true }),
    );
    return Item && parseVersioned(breakerSchema, Item);
  }

  async function write(change: object): Promise<void> {
    const Item = { ...breakerItem("crm"), v: 1, ...(await breaker()), ...change };
    await harness.operatorTable.client.send(new PutCommand({ TableName: harness.wiring.tableName, Item }));
  }

  function deliver(hook: Hook) {
    return deliverHook(harness.services, harness.queues.dlq, jobOf(hook), Date.now() + MINUTE);
  }

  function give(provider: Pick<MemoryProvider, "onSessionEnd">): void {
    const create = (): MemoryProvider => ({ capabilities: { idempotency: "none" }, ...provider });
    harness.deploy({ memory: { crm: defineAdapter("memory", "custom", v.strictObject({}), create)() } });
  }
});
