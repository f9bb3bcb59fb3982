import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { auditEntrySchema } from "../../lib/operator/audit.ts";
import { listRecords } from "../../lib/operator/listRecords.ts";
import { cancelOperation } from "../../lib/operator/operations/cancelOperation.ts";
import { findOperation, type Operation, type Scope } from "../../lib/operator/operations/Operation.ts";
import { planOperation } from "../../lib/operator/operations/planOperation.ts";
import { runOperation } from "../../lib/operator/operations/runOperation.ts";
import { type Start, startOperation } from "../../lib/operator/operations/startOperation.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { hookRows } from "../harness/rows.ts";
import { operatorTools, patientTools } from "./operatorTools.ts";

describe("a bulk action of an operator", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    harness.deploy({ hooks: { retry: ["10m"] } });
  });
  afterEach(() => harness.stop());

  const tools = () => operatorTools(harness);
  const scope = (change: Partial<Scope> = {}): Scope => ({
    ...{ verb: "redrive", filter: "", before: harness.clock.now() },
    ...change,
  });

  /** Ends so many sessions of one turn each; `crm` answers with that status meanwhile. */
  async function end(count: number, mode: number | "ok" = "ok", tag = "c"): Promise<void> {
    harness.provider.setMode(mode);
    for (let number = 0; number < count; number++) {
      await harness.chat("hello", { conversation: `${tag}${number}` });
      harness.advance("1s");
      await harness.chat("/reset", { conversation: `${tag}${number}` });
    }
    harness.provider.setMode("ok");
    harness.advance("1s");
  }

  async function start(given: Partial<Scope> = {}, how: Partial<Start> = {}): Promise<Operation> {
    const plan = await planOperation(tools(), scope(given), how.rate);
    return startOperation(tools(), plan, { who: "ann@test", ...how });
  }

  const statuses = async (provider = "crm") => (await hookRows(harness, provider)).map(({ status }) => status);

  it("is planned first, with how many, whose, since when and which errors, and the plan changes nothing", async () => {
    await end(2, 401);
    await end(1, 400, "d");
    const plan = await planOperation(tools(), scope({ filter: "status:dead provider:crm" }), 2);
    expect(plan).toMatchObject({ count: 3, providers: { crm: 3 }, seconds: 2, skipped: {}, unread: [] });
    expect(plan.groups.map(({ count, status }) => [count, status])).toEqual([
      [2, 401],
      [1, 400],
    ]);
    expect(plan.newest).toBeGreaterThan(plan.oldest ?? Number.POSITIVE_INFINITY);
    expect(await planOperation(tools(), scope({ filter: "provider:builtin" }))).toMatchObject({
      count: 0,
      oldest: undefined,
    });
    await expect(planOperation(tools(), scope({ filter: "status:delivered" }))).rejects.toThrow(
      "redrive is for hooks with status:dead, not delivered",
    );
    expect(await statuses()).toEqual(["dead", "dead", "dead"]);
  });

  it("redrives what its filter means and nothing that dies later, and writes down who, when and why", async () => {
    await end(3, 401);
    const { id, name } = await start({ filter: "provider:crm" }, { why: "key mended", name: "key" });
    await end(1, 401, "later");
    const told: number[] = [];
    const done = await runOperation(tools(), id, { onProgress: (operation) => told.push(operation.done) });
    expect(done).toMatchObject({ status: "done", done: 3, left: 0, count: 3 });
    expect(done.lease).toBeUndefined();
    expect(told.at(-1)).toBe(3);
    await harness.settle();
    expect((await statuses()).toSorted()).toEqual(["dead", "delivered", "delivered", "delivered"]);
    expect(new Set(harness.delivered().map(({ session }) => session)).size).toBe(3);
    expect(await harness.dlq()).toBe(1);

    expect(name).toBe("key");
    expect(await findOperation(tools().services, "key")).toMatchObject({ id, status: "done" });
    const { records } = await listRecords(tools().services, "AUDIT", auditEntrySchema, { limit: 10 });
    expect(records).toMatchObject([
      { who: "ann@test", action: "hooks redrive", target: "provider:crm", why: "key mended", operation: id },
    ]);
    await expect(runOperation(tools(), id)).rejects.toThrow("key is done: there is nothing to resume");
  });

  it("D8 doubles no hook when two operators redrive the same ones at once", async () => {
    await end(6, 401);
    const both = [await start(), await start()];
    const results = await Promise.all(both.map(({ id }) => runOperation(tools(), id)));
    expect(results.reduce((sum, { done }) => sum + done, 0)).toBe(6);
    await harness.settle();
    expect(harness.provider.received).toHaveLength(6);
    expect(await statuses()).toEqual(Array(6).fill("delivered"));
  });

  it("is at work in one process only, and goes on in another when that is gone", async () => {
    await end(5, 401);
    const { id } = await start({}, { rate: 2 });
    // The first process is killed after its first batch: it never says another word.
    const gone = Promise.withResolvers<void>();
    void runOperation(tools(), id, {
      onProgress: ({ done }) => {
        if (done < 2) return;
        gone.resolve();
        throw new Error("killed");
      },
    }).catch(() => {});
    await gone.promise;
    const resumed = await runOperation(tools(), id).catch(async () => {
      harness.advance("61s");
      return runOperation(tools(), id);
    });
    expect(resumed).toMatchObject({ status: "done", done: 5 });
    await harness.settle();
    expect(harness.provider.received).toHaveLength(5);
  });

  it("tries a canary first, and goes on only when it has succeeded", async () => {
    await end(4, 401);
    const { id } = await start({}, { canary: 1 });
    harness.advance("1s");
    harness.provider.setMode(401);
    const halted = await running(id);
    expect(halted).toMatchObject({
      status: "halted",
      done: 1,
      reason: expect.stringContaining("failed again: auth 401"),
    });
    expect((await statuses()).filter((status) => status === "dead")).toHaveLength(4);

    harness.provider.setMode("ok");
    const done = await running(id);
    expect(done).toMatchObject({ status: "done", done: 4 });
    await harness.settle();
    expect((await statuses()).filter((status) => status === "delivered")).toHaveLength(3);
  });

  it("is cancelled by anybody, and stops after its batch", async () => {
    await end(4, 401);
    const operation = await start({}, { rate: 1 });
    const stopped = await runOperation(tools(), operation.id, {
      onProgress: ({ done, status }) => {
        if (done === 1 && status === "running") void cancelOperation(tools(), operation, "bob@test");
      },
    });
    expect(stopped.status).toBe("cancelled");
    expect(stopped.done).toBeLessThan(4);
    expect((await statuses()).filter((status) => status === "dead").length).toBe(4 - stopped.done);
    await expect(cancelOperation(tools(), operation, "bob@test")).rejects.toThrow("is over already");
  });

  it("discards with a reason, so that no transcript is kept, and undoes that", async () => {
    await end(2, 401);
    await expect(start({ verb: "discard" })).rejects.toThrow("takes a reason");
    await runOperation(tools(), (await start({ verb: "discard" }, { why: "customer left" })).id);
    expect(await hookRows(harness, "crm")).toMatchObject(
      Array(2).fill({ status: "skipped", discarded: { by: "ann@test", why: "customer left", was: "dead" } }),
    );
    expect(await harness.dlq()).toBe(0);
    expect(await planOperation(tools(), scope())).toMatchObject({ count: 0 });

    await runOperation(tools(), (await start({ verb: "restore" })).id);
    expect(await statuses()).toEqual(["dead", "dead"]);
    expect((await hookRows(harness, "crm")).map(({ discarded }) => discarded)).toEqual([undefined, undefined]);
    expect(await harness.dlq()).toBe(2);
    await runOperation(tools(), (await start()).id);
    await harness.settle();
    expect(await statuses()).toEqual(["delivered", "delivered"]);

    await end(1, 401, "old");
    await runOperation(tools(), (await start({ verb: "discard" }, { why: "old" })).id);
    harness.advance("31d");
    await harness.retention();
    expect(await hookRows(harness)).toEqual([]);
  });

  it("discards pending hooks where the filter says so, and an undo makes them pending again", async () => {
    await end(1, 503);
    await runOperation(tools(), (await start({ verb: "discard", filter: "status:pending" }, { why: "gone" })).id);
    expect(await hookRows(harness, "crm")).toMatchObject([{ status: "skipped", discarded: { was: "pending" } }]);
    harness.advance("20m");
    await harness.sweep();
    await harness.settle();
    expect(harness.provider.received).toHaveLength(0);
    await runOperation(tools(), (await start({ verb: "restore" })).id);
    await harness.settle();
    expect(await statuses()).toEqual(["delivered"]);
  });

  it("brings pending hooks forward, each once", async () => {
    await end(2, 503);
    expect(await statuses()).toEqual(["pending", "pending"]);
    const done = await runOperation(tools(), (await start({ verb: "forward" })).id);
    expect(done).toMatchObject({ status: "done", done: 2 });
    await harness.settle();
    expect(await statuses()).toEqual(["delivered", "delivered"]);
  });

  it("replays past sessions to a provider that did not have them, never twice, by the rules of memory", async () => {
    harness.deploy({ memory: { builtin: harness.services.config.memory.builtin } as never });
    await end(3);
    await harness.chat("/memory off", { conversation: "off" });
    await harness.chat("hello", { conversation: "off" });
    await harness.chat("/reset", { conversation: "off" });
    harness.deploy();
    harness.advance("1m");
    const given = { verb: "replay", provider: "crm", filter: "until:2026-03-03" } as const;
    await expect(start({ ...given, provider: "nobody" })).rejects.toThrow(/no memory provider "nobody".*crm/);
    const plan = await planOperation(tools(), scope(given));
    expect(plan).toMatchObject({ count: 3, providers: { crm: 3 } });
    expect(plan.skipped["memory-off"]).toBe(1);
    const both = [await start(given, { rate: 20 }), await start(given, { rate: 20 })];
    const results = await Promise.all(both.map(({ id }) => runOperation(tools(), id)));
    expect(results.reduce((sum, { done }) => sum + done, 0)).toBe(3);
    await harness.settle();
    expect(harness.provider.received).toHaveLength(3);
    expect(await planOperation(tools(), scope(given))).toMatchObject({ count: 0 });

    harness.advance("1s");
    const again = await start({ ...given, again: true });
    expect(again.count).toBe(3);
    harness.advance("1s");
    await runOperation(tools(), again.id);
    await harness.settle();
    expect(harness.provider.received).toHaveLength(6);
    expect(await statuses()).toEqual(Array(3).fill("delivered"));
  });

  /** Runs it while the gateway works. */
  async function running(id: string): Promise<Operation> {
    return runOperation(patientTools(harness), id);
  }
});
