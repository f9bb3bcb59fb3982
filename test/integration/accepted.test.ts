import { PurgeQueueCommand } from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { MemoryProvider, Receipt } from "../../lib/adapter/MemoryProvider.ts";
import { jobOf } from "../../lib/domain/HookJob.ts";
import { enqueueHooks } from "../../lib/queues/enqueueHooks.ts";
import { allRows, hookRows, queueDepth, turnRows } from "../harness/rows.ts";
import { webhookTo } from "../harness/webhookTo.ts";
import { acceptForEach, deploy, end, harness, later, list, minutes, seen } from "./acceptedSteps.ts";

const TEN = Date.parse("2026-03-02T10:00:00Z");

const stored: Receipt = { id: "m-1", body: "3 facts" };

describe("a session that its provider has only accepted", () => {
  acceptForEach();

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

  function deployOdd(provider: MemoryProvider): void {
    const odd = defineAdapter("memory", "odd", v.strictObject({}), () => provider);
    harness.deploy({ memory: { crm: odd() } });
  }
});
