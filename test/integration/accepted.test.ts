import { PurgeQueueCommand } from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import { DeliveryError } from "../../lib/adapter/errors.ts";
import type { MemoryProvider, Receipt } from "../../lib/adapter/MemoryProvider.ts";
import type { ConfigInput } from "../../lib/config/defineConfig.ts";
import type { Hook } from "../../lib/domain/Hook.ts";
import { jobOf } from "../../lib/domain/HookJob.ts";
import { forwardHook } from "../../lib/operator/forwardHook.ts";
import { listGroups } from "../../lib/operator/listGroups.ts";
import { listHooks } from "../../lib/operator/listHooks.ts";
import { actOnHooks } from "../../lib/operator/operations/actOnHooks.ts";
import { planOperation } from "../../lib/operator/operations/planOperation.ts";
import { runOperation } from "../../lib/operator/operations/runOperation.ts";
import { startOperation } from "../../lib/operator/operations/startOperation.ts";
import { hookDetails } from "../../lib/operator/views.ts";
import { enqueueHooks } from "../../lib/queues/enqueueHooks.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, hookRows, queueDepth, turnRows } from "../harness/rows.ts";
import { webhookTo } from "../harness/webhookTo.ts";
import { worksLater } from "../harness/worksLater.ts";
import { operatorTools } from "./operatorTools.ts";

const TEN = Date.parse("2026-03-02T10:00:00Z");

const stored: Receipt = { id: "m-1", body: "3 facts" };

describe("a session that its provider has only accepted", () => {
  let harness: GatewayHarness;
  let later: ReturnType<typeof worksLater>;
  let sessions: number;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    later = worksLater();
    sessions = 0;
    deploy();
  });
  afterEach(() => harness.stop());

  const deploy = (config: Partial<ConfigInput> = {}) => harness.deploy({ memory: { crm: later.adapter() }, ...config });

  it("is not delivered before its provider says that it has stored it, which it is asked ten seconds later", async () => {
    await end();
    const [hook] = await hookRows(harness);
    expect(hook).toMatchObject({
      ...{ status: "pending", attempts: 0, acceptedAt: TEN, receipt: { id: "op-1", status: 202 } },
      accepted: { attempts: 1, ticket: JSON.stringify({ key: later.sent[0] }), heardAt: TEN },
      ...{ failures: [], nextAttemptAt: TEN + 10_000 },
    });
    expect(hook).not.toHaveProperty("deliveredAt");
    expect(hook).not.toHaveProperty("lease");
    expect(hook).not.toHaveProperty("isDeferred");
    expect(harness.measured.map(({ name }) => name)).not.toContain("HookDelivered");
    expect(await list("accepted")).toHaveLength(1);
    expect(await list("pending")).toEqual([]);

    harness.advance("9s");
    await harness.settle();
    expect(later.asked).toEqual([]);
    later.fate = { outcome: "stored", receipt: stored };
    harness.advance("1s");
    await harness.settle();
    expect(later.asked).toHaveLength(1);
    const [row] = (await allRows(harness)).filter(({ sk }) => sk === "HOOK#crm");
    expect(row).toMatchObject({
      ...{ status: "delivered", attempts: 1, acceptedAt: TEN, deliveredAt: TEN + 10_000 },
      receipt: { id: "m-1", status: 202, body: "3 facts" },
    });
    for (const name of ["accepted", "state", "at", "lease", "isDeferred"]) expect(row).not.toHaveProperty(name);
    expect(later.sent).toHaveLength(1);
    expect(harness.measured.filter(({ name }) => name === "HookDelivered")).toHaveLength(1);
    expect(harness.measured.filter(({ name }) => name === "ProviderLatency")).toHaveLength(1);
  });

  it("is asked for after as long again as its provider has worked, off the queue for more than five minutes", async () => {
    await end();
    for (const [after, next] of [
      [10, 20],
      [20, 40],
      [40, 80],
      [80, 160],
      [160, 320],
      [320, 640],
    ] as const) {
      harness.goTo(new Date(TEN + after * 1_000).toISOString());
      await harness.settle();
      expect(await hookRows(harness)).toMatchObject([{ nextAttemptAt: TEN + next * 1_000, attempts: 0 }]);
    }
    expect(later.asked).toHaveLength(6);
    expect(await hookRows(harness)).toMatchObject([{ isDeferred: true }]);
    expect(await queueDepth(harness, harness.wiring.queues.sessionEnd.crm)).toBe(0);
    await minutes(6);
    expect(later.asked).toHaveLength(7);
  });

  it("is dead after a day of work, with a reason, and is told of as unfinished from an hour on", async () => {
    await end();
    await minutes(62);
    const ages = harness.measured.flatMap(({ name, value }) => (name === "OldestUnfinishedHookAge" ? [value] : []));
    expect(Math.max(...ages)).toBeGreaterThanOrEqual(3_600);
    for (let hour = 1; hour < 23; hour++) {
      harness.advance("59m");
      await minutes(1);
    }
    expect(await hookRows(harness)).toMatchObject([{ status: "pending", accepted: { attempts: 1 } }]);
    await minutes(62);
    const message = expect.stringMatching(
      /^crm accepted it at 2026-03-02T10:00:00.000Z \(op-1\), and still works on it/,
    );
    const [hook] = await hookRows(harness);
    expect(hook).toMatchObject({ status: "dead", attempts: 1, failures: [{ kind: "Unconfirmed", message }] });
    expect(hook).not.toHaveProperty("accepted");
    expect(later.asked.length).toBeLessThanOrEqual(33);
    expect(await harness.dlq()).toBe(1);

    // What was accepted so long ago is sent again, under the same key.
    later.fate = { outcome: "stored", receipt: stored };
    await harness.redrive(await harness.deadHooks());
    await harness.settle();
    harness.advance("10s");
    await harness.settle();
    expect(await hookRows(harness)).toMatchObject([{ status: "delivered", attempts: 1, redrives: 1 }]);
    expect(new Set(later.sent).size).toBe(1);
    expect(later.sent).toHaveLength(2);
  }, 60_000);

  it("is sent again under the same key, by the retry schedule, when its provider says that it failed", async () => {
    await end();
    later.fate = { outcome: "failed", error: new DeliveryError("transient", "the model is overloaded") };
    for (const [after, attempts, sent] of [
      ["10s", 1, 1],
      ["10s", 0, 2],
      ["10s", 2, 2],
      ["30s", 0, 3],
      ["10s", 3, 3],
    ] as const) {
      harness.advance(after);
      await harness.settle();
      expect(await hookRows(harness)).toMatchObject([{ status: "pending", attempts }]);
      expect(later.sent).toHaveLength(sent);
    }
    const [hook] = await hookRows(harness);
    expect(hook).toMatchObject({ failures: Array(3).fill({ kind: "transient", message: "the model is overloaded" }) });
    for (const name of ["accepted", "acceptedAt", "receipt"]) expect(hook).not.toHaveProperty(name);
    expect(new Set(later.sent).size).toBe(1);
    expect(await breakerRows()).toEqual([]);
  });

  it("is dead when the schedule is used up by such failures, however often it was accepted in between", async () => {
    deploy({ hooks: { retry: ["1s", "1s"] } });
    later.fate = { outcome: "failed", error: new DeliveryError("transient", "no") };
    await end();
    for (let second = 0; second < 60; second++) {
      harness.advance("1s");
      await harness.settle();
    }
    expect(await hookRows(harness)).toMatchObject([{ status: "dead", attempts: 3 }]);
    expect(later.sent).toHaveLength(3);
  });

  it("is dead at once when its provider says that no repetition helps, and a redrive sends it again", async () => {
    await end();
    later.fate = { outcome: "failed", error: new DeliveryError("invalid", "too long to read") };
    harness.advance("10s");
    await harness.settle();
    expect(await hookRows(harness)).toMatchObject([{ status: "dead", attempts: 1, failures: [{ kind: "invalid" }] }]);
    expect(await harness.dlq()).toBe(1);
    expect(harness.measured.filter(({ name }) => name === "HookDead")).toHaveLength(1);
    await harness.redrive(await harness.deadHooks());
    await harness.settle();
    expect(later.sent).toHaveLength(2);
  });

  it("stays accepted while its provider can't be asked, and is asked again by the retry schedule, never sent", async () => {
    await end();
    later.fate = new DeliveryError("transient", "not now", { status: 503 });
    for (const [after, attempts] of [
      ["10s", 1],
      ["10s", 2],
      ["30s", 3],
    ] as const) {
      harness.advance(after);
      await harness.settle();
      expect(await hookRows(harness)).toMatchObject([{ status: "pending", accepted: { attempts: 1 }, attempts }]);
    }
    expect((await list("accepted"))[0]).toMatchObject({ attempts: 1, lastError: { kind: "transient", status: 503 } });
    later.fate = { outcome: "stored", receipt: stored };
    harness.advance("2m");
    await harness.settle();
    expect(await hookRows(harness)).toMatchObject([{ status: "delivered", attempts: 1 }]);
    expect(later.sent).toHaveLength(1);
  });

  it("is dead when its provider can't be asked for good, and a redrive asks: it has the session", async () => {
    await end();
    later.fate = new DeliveryError("auth", "the key is wrong", { status: 401 });
    harness.advance("10s");
    await harness.settle();
    expect(await hookRows(harness)).toMatchObject([{ status: "dead", accepted: { attempts: 1 } }]);
    expect(await list("accepted")).toEqual([]);
    expect(await list("dead")).toHaveLength(1);

    later.fate = { outcome: "stored", receipt: stored };
    await harness.redrive(await harness.deadHooks());
    await harness.settle();
    expect(await hookRows(harness)).toMatchObject([{ status: "delivered", receipt: { id: "m-1" } }]);
    expect(later.sent).toHaveLength(1);
    expect(await harness.dlq()).toBe(0);
  });

  it("waits behind its provider's breaker, which questions without an answer open and any answer closes", async () => {
    for (let count = 0; count < 7; count++) await end();
    later.fate = new DeliveryError("transient", "down", { status: 503 });
    harness.advance("10s");
    await harness.settle();
    expect(later.asked).toHaveLength(5);
    expect(await breakerRows()).toMatchObject([{ status: "open" }]);
    expect((await hookRows(harness)).filter(({ isDeferred }) => isDeferred)).toHaveLength(2);
    expect(await list("accepted")).toHaveLength(7);

    later.fate = { outcome: "stored", receipt: stored };
    await minutes(31);
    expect(await breakerRows()).toMatchObject([{ status: "closed" }]);
    expect((await hookRows(harness)).map(({ status }) => status)).toEqual(Array(7).fill("delivered"));
    expect(later.sent).toHaveLength(7);
  });

  it("is asked for once by two jobs, and nothing more comes of one that is late", async () => {
    await end();
    const [hook] = await hookRows(harness);
    const crm = { client: harness.operatorQueues, url: harness.wiring.queues.sessionEnd.crm };
    for (let copy = 0; copy < 3; copy++) await enqueueHooks(crm, [jobOf(seen(hook))]);
    await harness.settle();
    expect(later.asked).toEqual([]);
    harness.advance("10s");
    await harness.settle();
    expect(later.asked).toHaveLength(1);
    later.fate = { outcome: "stored", receipt: stored };
    harness.advance("10s");
    await harness.settle();
    expect(later.asked).toHaveLength(2);
    expect(later.sent).toHaveLength(1);
  });

  it("is found by the sweep when its job is lost", async () => {
    await end();
    await harness.operatorQueues.send(new PurgeQueueCommand({ QueueUrl: harness.wiring.queues.sessionEnd.crm }));
    later.fate = { outcome: "stored", receipt: stored };
    await minutes(7);
    expect(await hookRows(harness)).toMatchObject([{ status: "delivered", enqueues: 1 }]);
    expect(later.sent).toHaveLength(1);
  });

  it("is dead while its provider is not in the config, and is asked for when it is back", async () => {
    await end();
    harness.deploy({ memory: { builtin: webhookTo(harness.provider) } });
    await minutes(8);
    const message = expect.stringContaining('provider "crm" is not in the config');
    expect(await hookRows(harness, "crm")).toMatchObject([{ status: "dead", failures: [{ message }] }]);
    deploy();
    later.fate = { outcome: "stored", receipt: stored };
    await harness.redrive(await harness.deadHooks());
    await harness.settle();
    expect(await hookRows(harness, "crm")).toMatchObject([{ status: "delivered" }]);
    expect(later.sent).toHaveLength(1);
  });

  it("is dead when its provider's name stands for another adapter, to which a redrive sends it", async () => {
    await end();
    harness.deploy({ memory: { crm: webhookTo(harness.provider) } });
    harness.advance("10s");
    await harness.settle();
    expect(await hookRows(harness)).toMatchObject([{ status: "dead", failures: [{ kind: "CannotConfirm" }] }]);
    expect(harness.delivered()).toEqual([]);
    await harness.redrive(await harness.deadHooks());
    await harness.settle();
    expect(harness.delivered()).toHaveLength(1);
    expect(await hookRows(harness)).toMatchObject([{ status: "delivered" }]);
  });

  it("keeps its transcript for as long as nobody knows what became of it", async () => {
    const session = await end();
    deploy({ retention: "8d" });
    const [hook] = await hookRows(harness);
    harness.advance("10d");
    await harness.retention();
    expect((await turnRows(harness, session)).length).toBeGreaterThan(0);
    expect(await hookRows(harness)).toEqual([hook]);
  });

  it.each([
    ["that has no confirm", { accepted: 1 }, undefined, "but it has no confirm"],
    ["by what is no JSON", { accepted: () => 1 }, async () => ({ outcome: "working" }), "by no JSON"],
    ["by too much", { accepted: "x".repeat(100_000) }, async () => ({ outcome: "working" }), "100002 characters"],
  ])("is dead by a bug of its adapter when it is accepted %s", async (_title, receipt, confirm, message) => {
    const provider = { capabilities: { idempotency: "none" }, onSessionEnd: async () => receipt, confirm };
    deployOdd(provider as unknown as MemoryProvider);
    await end();
    expect(await hookRows(harness)).toMatchObject([
      { status: "dead", failures: [{ kind: "WrongAcceptance", message: expect.stringContaining(message) }] },
    ]);
  });

  it.each([
    ["another outcome", async () => ({ outcome: "done" })],
    ["nothing", async () => undefined],
    ["an error that is thrown", () => Promise.reject(new TypeError("no"))],
  ])(
    "is dead by a bug of its adapter when confirm answers with %s, and a redrive asks again",
    async (_title, confirm) => {
      const onSessionEnd = async () => ({ accepted: null });
      deployOdd({ capabilities: { idempotency: "none" }, onSessionEnd, confirm } as unknown as MemoryProvider);
      await end();
      harness.advance("10s");
      await harness.settle();
      expect(await hookRows(harness)).toMatchObject([
        { status: "dead", accepted: { ticket: "null" }, failures: [{ kind: "ProviderBug" }] },
      ]);
    },
  );

  describe("in an operator's hands", () => {
    it("is asked for at once when it is brought forward, alone or with others, each once", async () => {
      await end();
      await end();
      const [one] = await hookRows(harness);
      await forwardHook(harness.services, harness.queues.sessionEnd, seen(one));
      await harness.settle();
      expect(later.asked).toEqual([one?.session]);
      harness.advance("1s");

      const operation = await operate("forward", "status:accepted");
      await harness.settle();
      expect(operation).toMatchObject({ status: "done", done: 2 });
      expect(later.asked).toHaveLength(3);
    });

    it("passes a canary when its provider has taken it and works on it for longer than two minutes", async () => {
      for (let count = 0; count < 3; count++) await end();
      later.fate = { outcome: "failed", error: new DeliveryError("invalid", "no") };
      harness.advance("10s");
      await harness.settle();
      later.fate = { outcome: "working" };
      harness.advance("1s");
      expect(await operate("redrive", "status:dead")).toMatchObject({ status: "done", done: 3 });
      await harness.settle();
      expect(await list("accepted")).toHaveLength(3);
    });

    it("is given up with a reason, asked for no more, and accepted again when that is undone", async () => {
      await end();
      const [hook] = await hookRows(harness);
      expect(await act("discard", seen(hook))).toHaveLength(1);
      expect(await list("discarded")).toHaveLength(1);
      harness.advance("10m");
      await harness.settle();
      expect(later.asked).toEqual([]);

      expect(await act("restore", seen(hook))).toHaveLength(1);
      expect(await list("accepted")).toHaveLength(1);
      later.fate = { outcome: "stored", receipt: stored };
      await harness.settle();
      expect(await hookRows(harness)).toMatchObject([{ status: "delivered" }]);
      expect(later.sent).toHaveLength(1);
    });

    it("shows when it was accepted, what the provider said, when it is asked for, and why that failed", async () => {
      const session = await end();
      later.fate = new DeliveryError("transient", "not now", { status: 503 });
      harness.advance("10s");
      await harness.settle();
      const [hook] = await hookRows(harness);
      expect(hookDetails(seen(hook))).toMatchObject({
        ...{ session, status: "accepted", attempts: 1, acceptedAt: "2026-03-02T10:00:00.000Z" },
        ...{ nextAttemptAt: "2026-03-02T10:00:20.000Z", receipt: { id: "op-1" }, lastError: { status: 503 } },
      });
      expect(await listGroups(harness.services, { status: "accepted" })).toMatchObject({
        groups: [{ kind: "transient", status: 503, count: 1 }],
      });
    });
  });

  function deployOdd(provider: MemoryProvider): void {
    const odd = defineAdapter("memory", "odd", v.strictObject({}), () => provider);
    harness.deploy({ memory: { crm: odd() } });
  }

  /** A session ends and its provider gets it; answers the session's id. */
  async function end(): Promise<string> {
    const conversation = `chat-${sessions++}`;
    await harness.chat("hello", { conversation });
    await harness.chat("/reset", { conversation });
    const hook = (await hookRows(harness)).find((found) => found.conversation.includes(conversation));
    return seen(hook).session;
  }

  async function minutes(count: number): Promise<void> {
    for (let minute = 0; minute < count; minute++) {
      harness.advance("1m");
      await harness.sweep();
      await harness.settle();
    }
  }

  async function list(status: "accepted" | "pending" | "dead" | "discarded") {
    return (await listHooks(harness.services, { limit: 20, status })).hooks.map(hookDetails);
  }

  const act = (verb: "discard" | "restore", { session, provider }: Hook) =>
    actOnHooks(operatorTools(harness), verb, { who: "ops", why: "enough" }, [{ session, provider }]);

  /** A bulk action; a redrive has a canary of one. */
  async function operate(verb: "forward" | "redrive", filter: string) {
    const tools = operatorTools(harness);
    const plan = await planOperation(tools, { verb, filter, before: harness.clock.now() });
    const { id } = await startOperation(tools, plan, { who: "ops", canary: verb === "redrive" ? 1 : 0 });
    let settled: Promise<void> | undefined;
    const done = await runOperation(tools, id, {
      onProgress: () => {
        settled ??= harness.settle();
      },
    });
    await settled;
    return done;
  }

  const breakerRows = async () => (await allRows(harness)).filter(({ sk }) => sk === "BREAKER");
});

function seen(hook: Hook | undefined): Hook {
  if (!hook) throw new Error("there is no hook");
  return hook;
}
