import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import { DeliveryError } from "../../lib/adapter/errors.ts";
import type { MemoryProvider } from "../../lib/adapter/MemoryProvider.ts";
import { builtin } from "../../lib/memory/builtin/builtin.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { hookRows, sessionRows } from "../harness/rows.ts";
import { sweepAt } from "../harness/sweepAt.ts";
import { webhookTo } from "../harness/webhookTo.ts";

type Idempotency = MemoryProvider["capabilities"]["idempotency"];

describe("an adapter of a provider", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  it("L8 L9 L20 B7 is dead and on the dead-letter queue at once by a programming error, and harms no other provider", async () => {
    deployWith({
      onSessionEnd: async () => {
        throw new TypeError("provider.flush is not a function");
      },
    });
    await endOne();

    const message = expect.stringContaining("TypeError: provider.flush is not a function");
    expect(await hookRows(harness)).toMatchObject([
      { provider: "crm", status: "delivered" },
      { provider: "custom", status: "dead", attempts: 1, failures: [{ kind: "ProviderBug", message }] },
    ]);
    expect(await harness.dlq()).toBe(1);
    expect(harness.logged).toContainEqual(expect.objectContaining({ event: "hook.dead" }));

    const got: number[] = [];
    deployWith({ onSessionEnd: async ({ turns }) => ({ id: `stored ${got.push(turns)}` }) });
    await harness.redrive(await harness.deadHooks());
    await harness.settle();
    expect(got).toEqual([1]);
    expect(await hookRows(harness, "custom")).toMatchObject([{ status: "delivered", receipt: { id: "stored 1" } }]);
  });

  it("L9 L20 P12 is shown with the provider's own words when the provider refuses for good", async () => {
    deployWith({
      onSessionEnd: async () => {
        throw new DeliveryError("invalid", "memory is full: 2,000 of 2,000", { status: 422 });
      },
    });
    await endOne();

    expect(await hookRows(harness, "custom")).toMatchObject([
      { status: "dead", failures: [{ kind: "invalid", status: 422, message: "memory is full: 2,000 of 2,000" }] },
    ]);
    expect(await harness.dlq()).toBe(1);
  });

  it("B8 has the config's time limit for a call, and a call that ignores that is not waited for", async () => {
    deployWith({ onSessionEnd: () => new Promise(() => {}) }, { hooks: { timeout: "120ms" } });
    const begun = performance.now();
    await endOne();

    expect(performance.now() - begun).toBeLessThan(5_000);
    const message = expect.stringContaining("within 120 ms");
    expect(await hookRows(harness, "custom")).toMatchObject([
      { status: "pending", failures: [{ kind: "timeout", message }] },
    ]);
    expect(harness.delivered()).toHaveLength(1);
  });

  it("B3 B4 delays a reply by its limit at most when its recall hangs or fails", async () => {
    deployWith({ recall: () => new Promise(() => {}) }, { recall: { timeout: "80ms" } });
    const begun = performance.now();
    expect(await harness.chat("hello")).toEqual(["You said: hello"]);
    const took = performance.now() - begun;
    expect(took).toBeGreaterThan(75);
    expect(took).toBeLessThan(1_500);
    expect(harness.logged).toContainEqual(expect.objectContaining({ event: "recall.failed" }));

    deployWith({ recall: () => Promise.reject(new TypeError("no")) });
    expect(await harness.chat("hello", { conversation: "bob" })).toEqual(["You said: hello"]);
  });

  it("finds the checkpoint that an attempt left at the next one, under the same delivery key", async () => {
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
    harness.advance("10s");
    await harness.settle();

    const key = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(seen).toEqual([
      [1, undefined, key],
      [2, { next: 7 }, key],
    ]);
    expect(new Set(seen.map((call) => (call as unknown[])[2])).size).toBe(1);
  });

  it("P10 D4 overwrites nothing that was learnt since by an older session that is delivered late", async () => {
    harness.deploy({ memory: { builtin: builtin() } });
    await harness.chat("I live in Paris");
    harness.advance("1m");
    await harness.say("/reset");
    await harness.step.message();
    await harness.step.stream();
    await loseSightOfJob();
    await harness.chat("I live in Rome");
    harness.advance("1m");
    await harness.chat("/reset");
    expect(await hookRows(harness)).toMatchObject([{ status: "pending" }, { status: "delivered" }]);

    await sweepAt(harness, "2026-03-02T10:20:00Z");

    expect(await hookRows(harness)).toMatchObject([{ status: "delivered" }, { status: "delivered" }]);
    const [reply] = await harness.chat("where do I live?");
    expect(reply).toContain("Lives in Rome");
    expect(reply).not.toContain("Lives in Paris");
    expect(await sessionRows(harness)).toHaveLength(3);
  });

  describe("a provider that can't tell a repeated session", () => {
    const unknown = new DeliveryError("timeout", "no answer from custom within 30000 ms");

    /** How often it was asked, once all that may be tried by itself has been. */
    async function callsAfter(
      error: unknown,
      hooks: { unknown?: "retry" | "park" },
      idempotency: Idempotency = "none",
    ) {
      let calls = 0;
      const onSessionEnd = async () => {
        if (++calls === 1) throw error;
        return {};
      };
      deployWith({ capabilities: { idempotency }, onSessionEnd }, { hooks });
      await endOne();
      harness.advance("1m");
      await harness.settle();
      return calls;
    }

    it("is asked again after an attempt of which nobody knows whether it arrived", async () => {
      expect(await callsAfter(unknown, {})).toBe(2);
      expect(await hookRows(harness, "custom")).toMatchObject([{ status: "delivered" }]);
    });

    it("is not asked again by itself where the config says to park, and an operator's redrive asks it", async () => {
      expect(await callsAfter(unknown, { unknown: "park" })).toBe(1);
      expect(await hookRows(harness, "custom")).toMatchObject([{ status: "dead", failures: [{ kind: "timeout" }] }]);
      expect(await harness.dlq()).toBe(1);

      await harness.redrive(await harness.deadHooks());
      await harness.settle();
      expect(await hookRows(harness, "custom")).toMatchObject([{ status: "delivered" }]);
    });

    it("is asked again where the config says to park, when it surely did not take the session", async () => {
      const refused = new DeliveryError("transient", "refused", { outcome: "not-sent" });
      expect(await callsAfter(refused, { unknown: "park" })).toBe(2);
    });

    it("is told apart from one that can, which is asked again whatever the config says", async () => {
      expect(await callsAfter(unknown, { unknown: "park" }, "upsert")).toBe(2);
    });
  });

  /** The function dies with the job, which stays hidden for a while. */
  async function loseSightOfJob(): Promise<void> {
    harness.gate.plan({ call: 0, when: "before" });
    await harness.step.sessionEnd().catch(() => undefined);
    expect(harness.gate.pending).toBe(false);
  }

  function deployWith(provider: Partial<MemoryProvider>, config: Parameters<GatewayHarness["deploy"]>[0] = {}): void {
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
    harness.deploy({ memory: { custom: custom(), crm: webhookTo(harness.provider) }, ...config });
  }

  async function endOne(): Promise<void> {
    await harness.chat("hello");
    await harness.chat("/reset");
  }
});
