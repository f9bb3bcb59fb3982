import { PurgeQueueCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { hookRows, queueDepth, sessionRows } from "../harness/rows.ts";
import { sweepAt } from "../harness/sweepAt.ts";

describe("the sweep, when the stream was gone for longer than its 24 hours,", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  it("L12 T2 T4 seals what ended meanwhile, five minutes after it first missed the end, once", async () => {
    for (const conversation of ["ann", "bob"]) {
      await harness.chat("one", { conversation });
      await harness.chat("two", { conversation });
    }
    harness.goTo("2026-03-02T10:30:00Z");
    await harness.sweep();
    await harness.stream.drop();

    await sweepAt(harness, "2026-03-02T10:31:00Z");
    await sweepAt(harness, "2026-03-02T10:35:00Z");
    expect(harness.delivered()).toEqual([]);
    await Promise.all([harness.sweep(), harness.sweep()]);
    harness.goTo("2026-03-02T10:37:00Z");
    await Promise.all([harness.sweep(), harness.sweep()]);
    await harness.settle();

    expect(harness.provider.received).toHaveLength(2);
    expect(harness.delivered()).toMatchObject(Array(2).fill({ reason: "recovered", turns: 2 }));
    expect(await sessionRows(harness)).toMatchObject(Array(2).fill({ status: "ended", reason: "recovered" }));
  });

  it("L12 finds a reset under policy none within a day and five minutes", async () => {
    harness.deploy({ sessions: { default: "none" } });
    await harness.chat("one");
    await harness.chat("two");
    harness.advance("2h");
    await harness.say("/reset");
    await harness.step.message();
    await harness.stream.drop();

    await sweepAt(harness, "2026-03-03T10:00:00Z");
    expect(harness.delivered()).toEqual([]);
    await sweepAt(harness, "2026-03-03T10:05:00Z");
    expect(harness.delivered()).toMatchObject([
      { turns: 2, messages: [{ content: "one" }, {}, { content: "two" }, {}] },
    ]);
  });

  it("D9 leaves a command that came late in such a session known when the platform sends it again", async () => {
    await harness.chat("one");
    harness.advance("5m");
    const command = { messageId: "again", sentAt: Date.now() };
    await harness.chat("/memory off", command);
    harness.goTo("2026-03-02T11:00:00Z");
    await harness.sweep();
    await harness.stream.drop();
    await sweepAt(harness, "2026-03-02T11:01:00Z");
    await sweepAt(harness, "2026-03-02T11:07:00Z");
    expect(await sessionRows(harness)).toMatchObject([{ reason: "recovered", endedAt: command.sentAt }]);

    expect(await harness.chat("/memory off", command)).toEqual([]);
    expect(await sessionRows(harness)).toHaveLength(1);
  });

  it("ends no session earlier than it began, whenever its messages say they were written", async () => {
    await harness.chat("one", { sentAt: Date.parse("2020-01-01T00:00:00Z") });
    harness.goTo("2026-03-02T10:30:00Z");
    await harness.sweep();
    await harness.stream.drop();
    await sweepAt(harness, "2026-03-02T10:31:00Z");
    await sweepAt(harness, "2026-03-02T10:37:00Z");
    const began = Date.parse("2026-03-02T10:00:00Z");
    expect(await sessionRows(harness)).toMatchObject([{ reason: "recovered", startedAt: began, endedAt: began }]);
  });

  it("D2 changes nothing by a record that turns up after all", async () => {
    await harness.chat("one");
    harness.goTo("2026-03-02T10:30:00Z");
    await harness.sweep();
    await harness.stream.drop();
    await sweepAt(harness, "2026-03-02T10:31:00Z");
    await sweepAt(harness, "2026-03-02T10:37:00Z");
    const before = await sessionRows(harness);

    await harness.stream.repeat();
    await harness.settle();

    expect(await sessionRows(harness)).toEqual(before);
    expect(harness.provider.received).toHaveLength(1);
  });
});

describe("the sweep, when the session-end queues were purged,", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  it("L12 L18 enqueues again what has no job any more, and it is delivered once", async () => {
    await harness.chat("one");
    await harness.say("/reset");
    await harness.step.message();
    await harness.step.stream();
    await purge();

    await sweepAt(harness, "2026-03-02T10:03:00Z");
    expect(harness.delivered()).toEqual([]);
    await sweepAt(harness, "2026-03-02T10:05:00Z");

    expect(harness.delivered()).toMatchObject([{ reason: "reset", turns: 1 }]);
    expect(await hookRows(harness)).toMatchObject(Array(2).fill({ status: "delivered", attempts: 1, enqueues: 1 }));
  });

  it("L18 enqueues again a job that was waiting for its next attempt, too", async () => {
    harness.provider.failNext(1, 503);
    await harness.chat("one");
    await harness.chat("/reset");
    await purge();

    await sweepAt(harness, "2026-03-02T10:04:10Z");
    await sweepAt(harness, "2026-03-02T10:05:10Z");

    expect(await hookRows(harness, "crm")).toMatchObject([{ status: "delivered", attempts: 2 }]);
    expect(harness.provider.received).toHaveLength(1);
  });

  async function purge(): Promise<void> {
    for (const QueueUrl of Object.values(harness.wiring.queues.sessionEnd)) {
      await harness.operatorQueues.send(new PurgeQueueCommand({ QueueUrl }));
      expect(await queueDepth(harness, QueueUrl)).toBe(0);
    }
  }
});
