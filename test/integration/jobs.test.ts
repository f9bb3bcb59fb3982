import { describe, expect, it } from "vitest";
import { DeliveryError } from "../../lib/adapter/errors.ts";
import type { Receipt } from "../../lib/adapter/MemoryProvider.ts";
import { visitHook } from "../../lib/expiry/visitHook.ts";
import { hookItem } from "../../lib/store/keys.ts";
import { queueDepth } from "../harness/rows.ts";
import { changeHook } from "./changeHook.ts";
import { customMemory } from "./customMemory.ts";
import { deploy, harness, hook, job, sealForEach, work } from "./sealedJob.ts";
import { takeDeadLetter } from "./takeDeadLetter.ts";

const TEN = Date.parse("2026-03-02T10:00:00Z");

/** Two invocations' clocks may lie so far apart, milliseconds. */
const SKEW = 2_000;

describe("a job of a hook", () => {
  sealForEach();

  it("is done when the hook is delivered, and again when it comes again", async () => {
    deploy({ onSessionEnd: async () => ({ id: "its id", status: 201, body: "x".repeat(501) }) });
    expect(await work()).toEqual({ outcome: "done" });
    expect(await hook()).toMatchObject({
      status: "delivered",
      attempts: 1,
      receipt: { id: "its id", status: 201, body: `${"x".repeat(499)}…` },
    });
    expect(await work()).toEqual({ outcome: "done" });
    expect(await hook()).toMatchObject({ attempts: 1 });
    expect(await harness.dlq()).toBe(0);
  });

  it("keeps a receipt that says nothing as nothing", async () => {
    await work();
    expect((await hook()).receipt).toEqual({});
  });

  it.each<[string, unknown, object]>([
    ["that no table can hold", { id: "its id", status: Number.POSITIVE_INFINITY }, { id: "its id" }],
    ["that is no number", { status: Number.NaN, body: "ok" }, { body: "ok" }],
    ["beyond all integers", { status: 1.7e18 }, {}],
    ["that is a text, beside an id that is a number", { status: "200", id: 5, body: null }, {}],
    ["of a receipt that is none", undefined, {}],
  ])("leaves an adapter's status %s out, as the provider has the session", async (_, receipt, kept) => {
    deploy({ onSessionEnd: async () => receipt as Receipt });
    expect(await work()).toEqual({ outcome: "done" });
    expect(await hook()).toMatchObject({ status: "delivered", attempts: 1 });
    expect((await hook()).receipt).toEqual(kept);
  });

  it("leaves an error's numbers out that no table can hold, and the next attempt is due by the schedule", async () => {
    const odd = { status: Number.NaN, retryAfter: Number.NaN };
    deploy({ onSessionEnd: () => Promise.reject(new DeliveryError("throttled", "busy", odd)) });
    expect(await work()).toEqual({ outcome: "later", at: TEN + 10_000 });
    expect((await hook()).failures).toEqual([{ at: TEN, took: 0, kind: "throttled", message: "busy" }]);
  });

  it("comes again when the next attempt is due, and no sooner", async () => {
    deploy({ onSessionEnd: () => Promise.reject(new DeliveryError("transient", "busy", { body: "come back" })) });
    expect(await work()).toEqual({ outcome: "later", at: TEN + 10_000 });
    expect(await hook()).toMatchObject({ failures: [{ kind: "transient", message: "busy", body: "come back" }] });
    harness.advance("9s");
    expect(await work()).toEqual({ outcome: "later", at: TEN + 10_000 });
    expect(await hook()).toMatchObject({ attempts: 1 });
    harness.advance("1s");
    expect(await work()).toEqual({ outcome: "later", at: TEN + 40_000 });
    expect(await hook()).toMatchObject({ attempts: 2 });
  });

  it("comes again when the lease of the worker that has the hook is over", async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<object>();
    deploy({
      onSessionEnd: () => {
        asked.resolve();
        return answer.promise;
      },
    });
    const first = work();
    await asked.promise;
    expect(await hook()).toMatchObject({ lease: { until: TEN + 60_000 + SKEW } });
    expect(await work()).toEqual({ outcome: "later", at: TEN + 60_000 + SKEW });
    answer.resolve({});
    expect(await first).toEqual({ outcome: "done" });
    expect(await hook()).toMatchObject({ status: "delivered", attempts: 1 });
  });

  it("is done when the hook is dead, with a message that says which death it was", async () => {
    deploy({ onSessionEnd: () => Promise.reject(new DeliveryError("auth", "who are you?")) });
    expect(await work()).toEqual({ outcome: "done" });
    expect(await takeDeadLetter(harness)).toEqual({ ...job, deadAt: TEN });
    // A job that is no DLQ message revives nothing, and says again what may not have been said.
    expect(await work()).toEqual({ outcome: "done" });
    expect(await hook()).toMatchObject({ status: "dead", attempts: 1, redrives: 0 });
    expect(await takeDeadLetter(harness)).toEqual({ ...job, deadAt: TEN });
    // So does the DLQ message of another death.
    expect(await work({ ...job, deadAt: TEN - 1 })).toEqual({ outcome: "done" });
    expect(await hook()).toMatchObject({ status: "dead", attempts: 1, redrives: 0 });
    expect(await takeDeadLetter(harness)).toEqual({ ...job, deadAt: TEN });

    harness.advance("1m");
    expect(await work({ ...job, deadAt: TEN })).toEqual({ outcome: "done" });
    expect(await hook()).toMatchObject({ status: "dead", attempts: 1, redrives: 1, deadAt: TEN + 60_000 });
    expect(await takeDeadLetter(harness)).toMatchObject({ deadAt: TEN + 60_000 });
  });

  it("revives nothing when it is a DLQ message of a hook that is delivered or pending", async () => {
    deploy({ onSessionEnd: () => Promise.reject(new DeliveryError("transient", "busy")) });
    await work();
    expect(await work({ ...job, deadAt: TEN })).toEqual({ outcome: "later", at: TEN + 10_000 });
    deploy({});
    harness.advance("10s");
    await work();
    expect(await work({ ...job, deadAt: TEN })).toEqual({ outcome: "done" });
    expect(await hook()).toMatchObject({ status: "delivered", redrives: 0 });
    expect(await harness.dlq()).toBe(0);
  });

  it("is done when there is no such hook", async () => {
    expect(await work({ ...job, session: "none" })).toEqual({ outcome: "done" });
    expect(await queueDepth(harness, harness.wiring.queues.sessionEndDead)).toBe(0);
  });

  it("B7 L25 is done when the next attempt is more than five minutes away: the sweep enqueues it then, and not before", async () => {
    deploy({ onSessionEnd: () => Promise.reject(new DeliveryError("transient", "busy")) }, { retry: ["301s", "5m"] });
    expect(await work()).toEqual({ outcome: "done" });
    const due = TEN + 301_000;
    expect(await hook()).toMatchObject({ status: "pending", isDeferred: true, nextAttemptAt: due });
    // A copy of the job that comes meanwhile.
    expect(await work()).toEqual({ outcome: "done" });

    const depth = () => queueDepth(harness, harness.wiring.queues.sessionEnd.crm);
    const before = await depth();
    harness.goTo(new Date(due - 1).toISOString());
    await visitHook(harness.services, harness.queues.sessionEnd, hookItem(job.session, "crm"));
    expect(await depth()).toBe(before);
    harness.goTo(new Date(due).toISOString());
    await visitHook(harness.services, harness.queues.sessionEnd, hookItem(job.session, "crm"));
    expect(await depth()).toBe(before + 1);
    expect(await hook()).toMatchObject({ enqueues: 0, enqueuedAt: due });
    expect((await hook()).isDeferred).toBeUndefined();
    expect(harness.logged.map(({ event }) => event)).not.toContain("hook.overdue");

    expect(await work()).toEqual({ outcome: "later", at: due + 300_000 });
    expect((await hook()).isDeferred).toBeUndefined();
  });

  it("is dead when its provider is not in the config, with what to do", async () => {
    harness.deploy({ memory: { one: customMemory({}), two: customMemory({}) } });
    await work();
    expect((await hook()).failures).toMatchObject([
      {
        kind: "invalid",
        message: 'provider "crm" is not in the config, which has one, two; put it back and redrive',
      },
    ]);
    harness.deploy({ memory: {} });
    const [dead] = await harness.deadHooks();
    await work({ ...job, deadAt: dead?.deadAt ?? 0 });
    expect((await hook()).failures.at(-1)).toMatchObject({
      message: 'provider "crm" is not in the config, which has none; put it back and redrive',
    });
  });

  it("fails when the provider is late, with its name and the limit", async () => {
    deploy({ onSessionEnd: () => new Promise(() => {}) }, { timeout: "100ms" });
    await work();
    expect(await hook()).toMatchObject({
      failures: [{ kind: "timeout", message: "crm did not answer within 100 ms" }],
    });
  });

  it.each(["auth", "transient"] as const)(
    "comes again at once when the lease has passed on before a failure (%s)",
    async (kind) => {
      deploy({
        onSessionEnd: async () => {
          await changeHook(harness, job, "SET lease.id = :value", "another");
          throw new DeliveryError(kind, "who are you?");
        },
      });
      expect(await work()).toEqual({ outcome: "later", at: TEN });
      expect(await hook()).toMatchObject({ status: "pending", failures: [], lease: { id: "another" } });
      expect(await harness.dlq()).toBe(0);
    },
  );
});
