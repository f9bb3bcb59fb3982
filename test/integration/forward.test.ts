import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Hook } from "../../lib/domain/Hook.ts";
import { jobOf } from "../../lib/domain/HookJob.ts";
import { forwardHook, forwardHooks } from "../../lib/operator/forwardHook.ts";
import { deliverHook } from "../../lib/session-end/deliverHook.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, hookRows, queueDepth } from "../harness/rows.ts";
import { webhookTo } from "../harness/webhookTo.ts";

const MINUTE = 60_000;

describe("a pending hook that an operator brings forward", () => {
  let harness: GatewayHarness;
  let sessions: number;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    harness.deploy({ memory: { crm: webhookTo(harness.provider) }, hooks: { retry: ["4h", "4h"] } });
    sessions = 0;
  });
  afterEach(() => harness.stop());

  it("is delivered now although it waits for hours, and its attempts stay counted", async () => {
    harness.provider.failNext(1, 503);
    const hook = await end();
    expect(hook).toMatchObject({ isDeferred: true, attempts: 1 });
    harness.advance("10m");

    expect(await forward(hook)).toBe(true);
    // Should its job get lost, the sweep finds it in five minutes.
    const [row] = (await allRows(harness)).filter(({ sk }) => sk === "HOOK#crm");
    expect(row).toMatchObject({ nextAttemptAt: Date.now(), at: Date.now() + 5 * MINUTE, attempts: 1 });
    expect(row).not.toHaveProperty("isDeferred");
    await harness.settle();
    expect(await hookRows(harness)).toMatchObject([{ status: "delivered", attempts: 2 }]);
  });

  it("is called for once when another operator does the same", async () => {
    harness.provider.failNext(1, 503);
    const hook = await end();
    harness.advance("10m");
    expect((await Promise.all([forward(hook), forward(hook)])).sort()).toEqual([false, true]);
    await harness.settle();
    expect(harness.provider.requests).toHaveLength(2);
    expect(harness.provider.received).toHaveLength(1);
  });

  it("gives its old queue message, which comes later, nothing to do", async () => {
    harness.deploy({ memory: { crm: webhookTo(harness.provider) }, hooks: { retry: ["4m", "4h"] } });
    harness.provider.failNext(2, 503);
    const hook = await end();
    expect(await queueDepth(harness, harness.wiring.queues.sessionEnd.crm)).toBe(1);
    expect(await forward(hook)).toBe(true);
    await harness.settle();
    expect(await hookRows(harness)).toMatchObject([{ status: "pending", attempts: 2, isDeferred: true }]);
    harness.advance("5m");
    await harness.settle();
    expect(await hookRows(harness)).toMatchObject([{ status: "pending", attempts: 2, isDeferred: true }]);
    expect(await queueDepth(harness, harness.wiring.queues.sessionEnd.crm)).toBe(0);
    expect(harness.provider.requests).toHaveLength(2);
  });

  it("is left alone when a worker has it, when it is not as it was seen, or when it is not pending any more", async () => {
    harness.provider.setMode(503);
    const hook = await end();
    harness.provider.setMode("hang");
    harness.advance("4h");
    const working = deliverHook(harness.services, harness.queues.dlq, jobOf(hook), Date.now() + MINUTE);
    while (harness.provider.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    const [held] = await hookRows(harness);
    if (!held) throw new Error("no hook");
    expect(await forward(held)).toBe(false);
    expect(await forward(hook)).toBe(false);
    expect(await queueDepth(harness, harness.wiring.queues.sessionEnd.crm)).toBe(0);
    await harness.provider.close();
    await working;
    expect(await forward(hook)).toBe(false);
  });

  it("is the probe behind an open breaker when it is the first of many, and the others wait until it has answered", async () => {
    harness.provider.setMode(503);
    for (let index = 0; index < 8; index++) await end();
    expect(harness.provider.requests).toHaveLength(5);
    const hooks = await hookRows(harness);
    expect(await forwardHooks(harness.services, harness.queues.sessionEnd, hooks)).toHaveLength(8);
    await harness.settle();
    expect(harness.provider.requests).toHaveLength(6);
    expect((await hookRows(harness)).filter(({ isDeferred }) => isDeferred)).toHaveLength(8);

    harness.provider.setMode("ok");
    const after = await hookRows(harness);
    harness.advance("1s");
    expect(await forwardHooks(harness.services, harness.queues.sessionEnd, after)).toHaveLength(8);
    await harness.settle();
    // The probe's answer has closed it, so that those behind it are sent, too.
    expect(await hookRows(harness)).toMatchObject(Array(8).fill({ status: "delivered" }));
  });

  /** A session ends and is delivered as far as that goes; answers its hook. */
  async function end(): Promise<Hook> {
    const conversation = `chat-${sessions++}`;
    await harness.chat("hello", { conversation });
    await harness.chat("/reset", { conversation });
    const hook = (await hookRows(harness)).find((found) => found.conversation.includes(conversation));
    if (!hook) throw new Error("no hook");
    return hook;
  }

  function forward(hook: Hook): Promise<boolean> {
    return forwardHook(harness.services, harness.queues.sessionEnd, hook);
  }
});
