import { PurgeQueueCommand, SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HeldVisits } from "../../lib/expiry/HeldVisits.ts";
import { sweep } from "../../lib/expiry/sweep.ts";
import { SHARDS } from "../../lib/store/dueIndex.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, hookRows, queueDepth } from "../harness/rows.ts";
import { webhookTo } from "../harness/webhookTo.ts";

/** Jobs of others from which on the queue is long. */
const LONG = 1_001;

let harness: GatewayHarness;

beforeEach(async () => {
  harness = await startGatewayHarness();
  harness.deploy({ memory: { crm: webhookTo(harness.provider) } });
});

afterEach(() => harness.stop());

describe("the sweep, while the session-end queue is long,", () => {
  it("L12 L18 puts overdue hooks off in one write each, and enqueues them when the queue is short again if their jobs are gone", async () => {
    for (const conversation of ["ann", "bob"]) await seal(conversation);
    await loseJobs();
    await fill(LONG);

    harness.goTo("2026-03-02T10:05:00Z");
    await harness.sweep();
    // One look at the breaker and the queue for both, one write each; the last is for the older one, which is watched.
    expect(harness.gate.calls.toSorted()).toEqual([
      "GetItemCommand",
      "GetQueueAttributesCommand",
      ...Array(SHARDS).fill("QueryCommand"),
      ...Array(3).fill("UpdateItemCommand"),
    ]);
    await minutes(54);
    expect(await hookRows(harness)).toMatchObject(Array(2).fill({ status: "pending", enqueues: 0 }));
    expect(await queueDepth(harness, harness.wiring.queues.sessionEnd.crm)).toBe(LONG);

    await loseJobs();
    await minutes(7);
    await harness.settle();
    expect(await hookRows(harness)).toMatchObject(Array(2).fill({ status: "delivered", enqueues: 1 }));
    expect(harness.provider.received).toHaveLength(2);
  });

  it("lets the jobs that wait there deliver the hooks, not a second time", async () => {
    await seal("ann");
    await fill(LONG);
    await minutes(30);
    while ((await queueDepth(harness, harness.wiring.queues.sessionEnd.crm)) > LONG) await harness.step.sessionEnd();
    expect(await hookRows(harness)).toMatchObject([{ status: "delivered", enqueues: 0, attempts: 1 }]);
  });

  it("leaves hooks to a worker that has taken one up meanwhile, and to another sweep", async () => {
    harness.provider.setMode(503);
    await seal("ann");
    await fill(LONG);
    harness.goTo("2026-03-02T10:05:00Z");
    const look = harness.gate.hold("GetQueueAttributesCommand");
    const sweeping = harness.sweep();
    await look.reached;
    while ((await hookRows(harness))[0]?.attempts === 0) await harness.step.sessionEnd();
    look.release();
    await sweeping;
    // The first wait, and the slack of five minutes.
    expect(await dueTimes()).toEqual(["2026-03-02T10:10:10.000Z"]);

    harness.goTo("2026-03-02T10:11:00Z");
    await Promise.all([harness.sweep(), harness.sweep()]);
    expect(await hookRows(harness)).toMatchObject([{ attempts: 1, enqueues: 0 }]);
  });

  it("enqueues hooks all the same after a day", async () => {
    await seal("ann");
    await loseJobs();
    await fill(LONG);
    for (let hour = 0; hour < 24; hour++) {
      harness.advance("1h");
      await harness.sweep();
    }
    expect(await hookRows(harness)).toMatchObject([{ enqueues: 0 }]);
    harness.advance("1h");
    await harness.sweep();
    expect(await hookRows(harness)).toMatchObject([{ enqueues: 1 }]);
    expect(await queueDepth(harness, harness.wiring.queues.sessionEnd.crm)).toBe(LONG + 1);
  });

  it("enqueues hooks at once where the queue holds no more than a thousand, and where it does not answer", async () => {
    await seal("ann");
    await loseJobs();
    await fill(LONG - 1);
    harness.goTo("2026-03-02T10:05:00Z");
    await harness.sweep();
    expect(await hookRows(harness)).toMatchObject([{ enqueues: 1 }]);

    await fill(1);
    harness.goTo("2026-03-02T10:15:00Z");
    const client = harness.operatorQueues;
    const deaf: SQSClient = Object.create(client, {
      send: {
        value: (command: Parameters<SQSClient["send"]>[0]) =>
          command.constructor.name === "GetQueueAttributesCommand"
            ? Promise.reject(new Error("no answer"))
            : client.send(command),
      },
    });
    const queue = { url: harness.wiring.queues.sessionEnd.crm, client: deaf };
    const queues = { ...harness.expiryQueues(), sessionEnd: new Map([["crm", queue]]) };
    await sweep(harness.services, queues, new HeldVisits(), Date.now() + 60_000);
    expect(harness.logged).toContainEqual({ event: "queue.unseen", error: new Error("no answer") });
    expect(await hookRows(harness)).toMatchObject([{ enqueues: 2 }]);
  });
});

describe("the sweep, telling the age of the oldest unfinished hook,", () => {
  it("tells the age from the fifth minute on, though nothing fails, until the hook is delivered", async () => {
    await seal("ann");
    await minutes(2);
    await seal("bob");
    expect(ages()).toEqual([]);
    await minutes(10);
    expect(ages()).toEqual([300, 360, 420, 480, 540, 600, 660, 720]);
    // Watched each minute, it is enqueued again no more often than ever.
    expect((await hookRows(harness)).map(({ enqueues }) => enqueues)).toEqual([1, 1]);

    await harness.settle();
    await minutes(30);
    expect(ages()).toHaveLength(8);
  });

  it("tells the age while the queue is long, too, and hooks are put off by an hour", async () => {
    await seal("ann");
    await fill(LONG);
    await minutes(7);
    expect(ages()).toEqual([300, 360, 420]);
  });

  it("tells the age between attempts that fail, from an hour on", async () => {
    harness.provider.setMode(503);
    await harness.chat("one");
    await harness.chat("/reset");
    for (let minute = 0; minute < 130; minute++) {
      await minutes(1);
      await harness.settle();
    }
    const late = ages().filter((age) => age >= 3_600);
    // By the sweep each minute, and by the attempt that fails after 1 h 53 min.
    const told = new Set(late);
    for (let age = 3_600; age <= 7_800; age += 60) expect(told).toContain(age);
    expect(late).toHaveLength(72);
    expect(await hookRows(harness)).toMatchObject([{ status: "pending", attempts: 8, enqueues: 0 }]);
  });

  function ages(): readonly number[] {
    return harness.measured.filter(({ name }) => name === "OldestUnfinishedHookAge").map(({ value }) => value);
  }
});

/** A session ends and is sealed; its job is on the queue. */
async function seal(conversation: string): Promise<void> {
  for (const text of ["one", "/reset"]) {
    await harness.say(text, { conversation });
    await harness.step.message();
  }
  await harness.step.stream();
}

/** When the sweep looks at the unfinished hooks. */
async function dueTimes(): Promise<readonly string[]> {
  const hooks = (await allRows(harness)).filter(
    ({ sk, status }) => String(sk).startsWith("HOOK#") && status === "pending",
  );
  return hooks.map(({ at }) => new Date(Number(at)).toISOString());
}

async function loseJobs(): Promise<void> {
  await harness.operatorQueues.send(new PurgeQueueCommand({ QueueUrl: harness.wiring.queues.sessionEnd.crm }));
}

/** Puts jobs of others on the queue. */
async function fill(count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 10) {
    const Entries = Array.from({ length: Math.min(10, count - sent) }, (_, index) => ({
      Id: String(index),
      MessageBody: "{}",
      MessageGroupId: "other",
    }));
    await harness.operatorQueues.send(
      new SendMessageBatchCommand({ QueueUrl: harness.wiring.queues.sessionEnd.crm, Entries }),
    );
  }
}

/** So many minutes pass, each with its sweep. */
async function minutes(count: number): Promise<void> {
  for (let passed = 0; passed < count; passed++) {
    harness.advance("1m");
    await harness.sweep();
  }
}
