import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/config/Adapter.ts";
import { builtin } from "../../lib/index.ts";
import type { MemoryProvider } from "../../lib/memory/MemoryProvider.ts";
import { DeliveryError } from "../../lib/runtime/DeliveryError.ts";
import { hookRows, sessionRows } from "../world/rows.ts";
import { sweepAt } from "../world/sweepAt.ts";
import { startWorld, type World } from "../world/World.ts";
import { webhookTo } from "../world/webhookTo.ts";

describe("a provider's adapter is wrong, slow or refused", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  it("L8 L9 L20 B7 a programming error is dead and on the dead-letter queue at once, and harms no other provider", async () => {
    deployWith({
      onSessionEnd: async () => {
        throw new TypeError("provider.flush is not a function");
      },
    });
    await endOne();

    const message = expect.stringContaining("TypeError: provider.flush is not a function");
    expect(await hookRows(world)).toMatchObject([
      { provider: "crm", status: "delivered" },
      { provider: "custom", status: "dead", attempts: 1, failures: [{ kind: "ProviderBug", message }] },
    ]);
    expect(await world.deadLetters()).toBe(1);
    expect(world.logged).toContainEqual(expect.objectContaining({ event: "hook.dead" }));

    const got: number[] = [];
    deployWith({ onSessionEnd: async ({ turns }) => ({ id: `stored ${got.push(turns)}` }) });
    await world.redrive(await world.deadHooks());
    await world.settle();
    expect(got).toEqual([1]);
    expect(await hookRows(world, "custom")).toMatchObject([{ status: "delivered", receipt: { id: "stored 1" } }]);
  });

  it("L9 L20 P12 what the provider refuses for good is shown with its own words", async () => {
    deployWith({
      onSessionEnd: async () => {
        throw new DeliveryError("invalid", "memory is full: 2,000 of 2,000", { status: 422 });
      },
    });
    await endOne();

    expect(await hookRows(world, "custom")).toMatchObject([
      { status: "dead", failures: [{ kind: "invalid", status: 422, message: "memory is full: 2,000 of 2,000" }] },
    ]);
    expect(await world.deadLetters()).toBe(1);
  });

  it("B8 the time limit of a call is the config's, and a call that ignores it is not waited for", async () => {
    deployWith({ onSessionEnd: () => new Promise(() => {}) }, { hooks: { timeout: "120ms" } });
    const begun = performance.now();
    await endOne();

    expect(performance.now() - begun).toBeLessThan(5_000);
    const message = expect.stringContaining("within 120 ms");
    expect(await hookRows(world, "custom")).toMatchObject([
      { status: "pending", failures: [{ kind: "timeout", message }] },
    ]);
    expect(world.delivered()).toHaveLength(1);
  });

  it("B3 B4 a recall that hangs or fails delays a reply by its limit at most", async () => {
    deployWith({ recall: () => new Promise(() => {}) }, { recall: { timeout: "80ms" } });
    const begun = performance.now();
    expect(await world.chat("hello")).toEqual(["You said: hello"]);
    const took = performance.now() - begun;
    expect(took).toBeGreaterThan(75);
    expect(took).toBeLessThan(1_500);
    expect(world.logged).toContainEqual(expect.objectContaining({ event: "recall.failed" }));

    deployWith({ recall: () => Promise.reject(new TypeError("no")) });
    expect(await world.chat("hello", { conversation: "bob" })).toEqual(["You said: hello"]);
  });

  it("a checkpoint that an attempt left is there for the next one, under the same delivery key", async () => {
    const seen: unknown[] = [];
    deployWith({
      onSessionEnd: async (_session, call) => {
        seen.push([call.attempt, call.checkpoint, call.deliveryKey]);
        await call.saveCheckpoint({ next: 7 });
        if (call.attempt === 1) throw new DeliveryError("transient", "not now");
        return {};
      },
    });
    await endOne();
    world.advance("10s");
    await world.settle();

    const key = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(seen).toEqual([
      [1, undefined, key],
      [2, { next: 7 }, key],
    ]);
    expect(new Set(seen.map((call) => (call as unknown[])[2])).size).toBe(1);
  });

  it("P10 D4 an older session that is delivered late does not overwrite what was learnt since", async () => {
    world.deploy({ memory: { builtin: builtin() } });
    await world.chat("I live in Paris");
    world.advance("1m");
    await world.say("/reset");
    await world.step.message();
    await world.step.stream();
    await loseSightOfJob();
    await world.chat("I live in Rome");
    world.advance("1m");
    await world.chat("/reset");
    expect(await hookRows(world)).toMatchObject([{ status: "pending" }, { status: "delivered" }]);

    await sweepAt(world, "2026-03-02T10:20:00Z");

    expect(await hookRows(world)).toMatchObject([{ status: "delivered" }, { status: "delivered" }]);
    const [reply] = await world.chat("where do I live?");
    expect(reply).toContain("Lives in Rome");
    expect(reply).not.toContain("Lives in Paris");
    expect(await sessionRows(world)).toHaveLength(3);
  });

  /** The function dies with the job, which stays hidden for a while. */
  async function loseSightOfJob(): Promise<void> {
    world.outside.plan({ call: 0, when: "before" });
    await world.step.sessionEnd().catch(() => undefined);
    expect(world.outside.pending).toBe(false);
  }

  function deployWith(provider: Partial<MemoryProvider>, config: Parameters<World["deploy"]>[0] = {}): void {
    const custom = defineAdapter(
      "memory",
      "custom",
      v.strictObject({}),
      (): MemoryProvider => ({
        capabilities: { idempotency: "none" },
        onSessionEnd: async () => ({}),
        ...provider,
      }),
    );
    world.deploy({ memory: { custom: custom(), crm: webhookTo(world.provider) }, ...config });
  }

  async function endOne(): Promise<void> {
    await world.chat("hello");
    await world.chat("/reset");
  }
});
