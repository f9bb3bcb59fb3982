import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, describe, expect, it } from "vitest";
import type { Hook } from "../../lib/domain/Hook.ts";
import { jobOf } from "../../lib/domain/HookJob.ts";
import type { Services } from "../../lib/services/Services.ts";
import { leaseHook, recordAccepted, recordDelivered, recordFailure } from "../../lib/store/hookAttempts.ts";
import { reviveHook } from "../../lib/store/hookOperations.ts";
import { postponeHook } from "../../lib/store/hookWaits.ts";
import { hookItem } from "../../lib/store/keys.ts";
import { createStepHarness, type StepHarness } from "./createStepHarness.ts";

const NOW = Date.parse("2026-03-02T10:00:00Z");

const HOUR = 3_600_000;

const KEY = hookItem("S1", "crm");

const HOOK: Hook = {
  session: "S1",
  conversation: "c",
  provider: "crm",
  status: "pending",
  createdAt: NOW,
  attempts: 0,
  failures: [],
  nextAttemptAt: NOW,
  redrives: 0,
  enqueues: 0,
};

describe("the ledger's single steps", () => {
  let harness: StepHarness;
  let services: Services;
  beforeEach(() => {
    harness = createStepHarness(NOW);
    services = harness.services;
  });

  const put = (item: object) => harness.put(item);
  const row = () => harness.peek(KEY);
  /** From now on updates are answered so. */
  const answer = (error: Error) => {
    harness.instead = (command) => (command instanceof UpdateCommand ? Promise.reject(error) : undefined);
  };

  describe("a lease", () => {
    const lease = () => leaseHook(services, jobOf(HOOK), NOW + HOUR);

    it("is taken where it is free, and counts the attempt", async () => {
      put({ ...KEY, ...HOOK });
      expect(await lease()).toMatchObject({ outcome: "leased", lease: "id 1", hook: { attempts: 1 } });
      expect(row()).toMatchObject({ lease: { id: "id 1", until: NOW + HOUR }, attempts: 1 });
    });

    it("is known as one's own when the answer got lost and the SDK asked again", async () => {
      put({ ...KEY, ...HOOK });
      harness.loseAnswer = true;
      expect(await lease()).toMatchObject({ outcome: "leased", lease: "id 1", hook: { attempts: 1 } });
    });

    it("is refused while another has it, until the very moment when it is over", async () => {
      put({ ...KEY, ...HOOK, lease: { id: "other", until: NOW + 1 } });
      expect(await lease()).toMatchObject({ outcome: "refused", hook: { lease: { id: "other" } } });
      put({ ...KEY, ...HOOK, lease: { id: "other", until: NOW } });
      expect(await lease()).toMatchObject({ outcome: "leased" });
    });

    it("is refused before the next attempt is due, and where there is no row", async () => {
      put({ ...KEY, ...HOOK, nextAttemptAt: NOW + 1 });
      expect(await lease()).toMatchObject({ outcome: "refused", hook: { status: "pending" } });
      expect(await leaseHook(services, { ...jobOf(HOOK), session: "S2" }, NOW)).toEqual({
        outcome: "refused",
        hook: undefined,
      });
    });
  });

  describe("a postponed hook", () => {
    it("is due then if it still was due at the time that is meant", async () => {
      put({ ...KEY, ...HOOK, at: NOW });
      const { table } = services;
      expect(await postponeHook(table, KEY, { from: NOW - 1, to: NOW + HOUR })).toBeUndefined();
      expect(row()).toMatchObject({ at: NOW });
      expect(await postponeHook(table, KEY, { from: NOW, to: NOW + HOUR })).toMatchObject({ session: "S1" });
      expect(row()).toMatchObject({ at: NOW + HOUR });
      expect(await postponeHook(table, KEY, { to: NOW + 1 })).toMatchObject({ session: "S1" });
      expect(row()).toMatchObject({ at: NOW + 1 });
    });

    it("is left alone when it is finished, and another error is thrown", async () => {
      put({ ...KEY, ...HOOK, status: "delivered" });
      expect(await postponeHook(services.table, KEY, { to: NOW + HOUR })).toBeUndefined();
      answer(new Error("down"));
      await expect(postponeHook(services.table, KEY, { to: NOW })).rejects.toThrow("down");
    });
  });

  describe("a failure", () => {
    const failure = { at: NOW + HOUR - 7, took: 6, kind: "transient", message: "busy" };
    const record = (more: Partial<Hook>, at: Partial<typeof failure> = {}) =>
      recordFailure(services.table, { ...HOOK, ...more }, "mine", { ...failure, ...at }, { retryAt: NOW + 2 * HOUR });

    it("is recorded by the holder of the lease only", async () => {
      put({ ...KEY, ...HOOK, lease: { id: "mine", until: NOW } });
      expect(await record({})).toBe(true);
      expect(await record({})).toBe(false);
      answer(new Error("down"));
      await expect(record({})).rejects.toThrow("down");
      answer(new ConditionalCheckFailedException({ message: "no", $metadata: {} }));
      expect(await record({})).toBe(false);
    });

    it("is kept with the four before it", async () => {
      put({ ...KEY, ...HOOK, lease: { id: "mine", until: NOW } });
      const failures = ["1", "2", "3", "4", "5"].map((message) => ({ ...failure, message }));
      await record({ failures });
      expect(row()).toMatchObject({ failures: [...failures.slice(1), failure] });
      expect(row()?.failures).toHaveLength(5);
    });

    it("is looked at when its job is late or has to be enqueued, but at an hour's age at the latest", async () => {
      const again = async (more: Partial<Hook>, began: number, retryAt: number) => {
        put({ ...KEY, ...HOOK, lease: { id: "mine", until: NOW } });
        await recordFailure(services.table, { ...HOOK, ...more }, "mine", { ...failure, at: began }, { retryAt });
        const { at, isDeferred } = row() ?? {};
        return [at, isDeferred];
      };
      const [began, now] = [NOW + 60_000 - 6, NOW + 60_000];
      expect(await again({ enqueues: 1 }, began, now + 300_000)).toEqual([now + 900_000, undefined]);
      expect(await again({ enqueues: 1 }, began, now + 300_001)).toEqual([now + 300_001, true]);
      expect(await again({}, began, NOW + 2 * HOUR)).toEqual([NOW + HOUR, true]);
      expect(await again({ createdAt: NOW - HOUR }, began, now + 300_000)).toEqual([now, undefined]);
    });
  });

  describe("an acceptance", () => {
    const accepted = { attempts: 2, ticket: "{}", heardAt: NOW };
    const record = (askAt: number, more: Partial<Hook> = {}) =>
      recordAccepted(services.table, { ...HOOK, accepted, acceptedAt: NOW, ...more }, "mine", { now: NOW, askAt });

    it("is recorded by the holder of the lease only, and begins the count of questions", async () => {
      put({ ...KEY, ...HOOK, attempts: 2, isDeferred: true, lease: { id: "mine", until: NOW } });
      expect(await record(NOW + 10_000, { receipt: { id: "op" } })).toBe(true);
      const next = { nextAttemptAt: NOW + 10_000, at: NOW + 310_000 };
      expect(row()).toEqual({ ...KEY, v: 1, ...HOOK, accepted, acceptedAt: NOW, receipt: { id: "op" }, ...next });
      expect(await record(NOW + 20_000)).toBe(false);
      answer(new Error("down"));
      await expect(record(NOW)).rejects.toThrow("down");
    });

    it("is of a pending hook only, and has no receipt where the provider has said nothing", async () => {
      put({ ...KEY, ...HOOK, lease: { id: "mine", until: NOW } });
      expect(await record(NOW + 10_000)).toBe(true);
      expect(row()).toMatchObject({ receipt: {} });
      put({ ...KEY, ...HOOK, status: "dead", lease: { id: "mine", until: NOW } });
      expect(await record(NOW + 10_000)).toBe(false);
    });

    it("takes the job off the queue for a wait of more than five minutes", async () => {
      const waiting = async (wait: number) => {
        put({ ...KEY, ...HOOK, lease: { id: "mine", until: NOW } });
        await record(NOW + wait);
        const { at, isDeferred, lease } = row() ?? {};
        return [Number(at) - NOW, isDeferred, lease];
      };
      expect(await waiting(300_000)).toEqual([600_000, undefined, undefined]);
      expect(await waiting(300_001)).toEqual([300_001, true, undefined]);
    });

    it("is kept by a failure to ask, and forgotten with its receipt by any other", async () => {
      const failure = { at: NOW, took: 1, kind: "transient", message: "busy" };
      const held = { ...HOOK, accepted, acceptedAt: NOW, receipt: { id: "op" } };
      put({ ...KEY, ...held, lease: { id: "mine", until: NOW } });
      await recordFailure(services.table, held, "mine", failure, { retryAt: NOW + 10_000 });
      expect(row()).toMatchObject({ accepted, acceptedAt: NOW, receipt: { id: "op" } });
      put({ ...KEY, ...held, lease: { id: "mine", until: NOW } });
      await recordFailure(services.table, HOOK, "mine", failure, { retryAt: NOW + 10_000 });
      for (const name of ["accepted", "acceptedAt", "receipt"]) expect(row()).not.toHaveProperty(name);
    });

    it("ends with the delivery, which counts the attempts that were made", async () => {
      put({ ...KEY, ...HOOK, attempts: 3, accepted, acceptedAt: NOW });
      await recordDelivered(services.table, { ...HOOK, attempts: 3, accepted }, { id: "m" }, NOW + 9);
      const { accepted: _, ...after } = { ...HOOK, accepted };
      const done = { status: "delivered", attempts: 2, acceptedAt: NOW, deliveredAt: NOW + 9, receipt: { id: "m" } };
      expect(row()).toEqual({ ...KEY, v: 1, ...after, ...done });
    });
  });

  it("lets a dead hook that is revived wait as a new one does", async () => {
    put({
      ...KEY,
      ...HOOK,
      status: "dead",
      deadAt: 7,
      attempts: 5,
      enqueues: 2,
      redrives: 1,
      lease: { id: "a", until: 1 },
    });
    expect(await reviveHook(services, jobOf(HOOK), 8)).toBe(false);
    expect(await reviveHook(services, jobOf(HOOK), 7)).toBe(true);
    const state = expect.stringMatching(/^DUE#/);
    expect(row()).toEqual({ ...KEY, v: 1, ...HOOK, redrives: 2, redrivenAt: [NOW], state, at: NOW + 300_000 });
    answer(new Error("down"));
    await expect(reviveHook(services, jobOf(HOOK), 7)).rejects.toThrow("down");
  });
});
