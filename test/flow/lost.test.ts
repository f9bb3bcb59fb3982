import { PurgeQueueCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hookRows, queueDepth, sessionRows } from "../world/rows.ts";
import { sweepAt } from "../world/sweepAt.ts";
import { startWorld, type World } from "../world/World.ts";

describe("the stream was gone for longer than its 24 hours", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  it("L12 T2 T4 the sweep seals what ended meanwhile, five minutes after it first missed the end, once", async () => {
    for (const conversation of ["ann", "bob"]) {
      await world.chat("one", { conversation });
      await world.chat("two", { conversation });
    }
    world.goTo("2026-03-02T10:30:00Z");
    await world.sweep();
    await world.stream.drop();

    await sweepAt(world, "2026-03-02T10:31:00Z");
    await sweepAt(world, "2026-03-02T10:35:00Z");
    expect(world.delivered()).toEqual([]);
    await Promise.all([world.sweep(), world.sweep()]);
    world.goTo("2026-03-02T10:37:00Z");
    await Promise.all([world.sweep(), world.sweep()]);
    await world.settle();

    expect(world.provider.received).toHaveLength(2);
    expect(world.delivered()).toMatchObject(Array(2).fill({ reason: "recovered", turns: 2 }));
    expect(await sessionRows(world)).toMatchObject(Array(2).fill({ status: "ended", reason: "recovered" }));
  });

  it("L12 a reset under policy none is found within a day and five minutes", async () => {
    world.deploy({ sessions: { default: "none" } });
    await world.chat("one");
    await world.chat("two");
    world.advance("2h");
    await world.say("/reset");
    await world.step.message();
    await world.stream.drop();

    await sweepAt(world, "2026-03-03T10:00:00Z");
    expect(world.delivered()).toEqual([]);
    await sweepAt(world, "2026-03-03T10:05:00Z");
    expect(world.delivered()).toMatchObject([{ turns: 2, messages: [{ content: "one" }, {}, { content: "two" }, {}] }]);
  });

  it("D9 a command that came late in such a session is known when the platform sends it again", async () => {
    await world.chat("one");
    world.advance("5m");
    const command = { delivery: "again", sentAt: Date.now() };
    await world.chat("/memory off", command);
    world.goTo("2026-03-02T11:00:00Z");
    await world.sweep();
    await world.stream.drop();
    await sweepAt(world, "2026-03-02T11:01:00Z");
    await sweepAt(world, "2026-03-02T11:07:00Z");
    expect(await sessionRows(world)).toMatchObject([{ reason: "recovered", endedAt: command.sentAt }]);

    expect(await world.chat("/memory off", command)).toEqual([]);
    expect(await sessionRows(world)).toHaveLength(1);
  });

  it("ends no earlier than it began, whenever its messages say they were written", async () => {
    await world.chat("one", { sentAt: Date.parse("2020-01-01T00:00:00Z") });
    world.goTo("2026-03-02T10:30:00Z");
    await world.sweep();
    await world.stream.drop();
    await sweepAt(world, "2026-03-02T10:31:00Z");
    await sweepAt(world, "2026-03-02T10:37:00Z");
    const began = Date.parse("2026-03-02T10:00:00Z");
    expect(await sessionRows(world)).toMatchObject([{ reason: "recovered", startedAt: began, endedAt: began }]);
  });

  it("D2 a record that turns up after all changes nothing", async () => {
    await world.chat("one");
    world.goTo("2026-03-02T10:30:00Z");
    await world.sweep();
    await world.stream.drop();
    await sweepAt(world, "2026-03-02T10:31:00Z");
    await sweepAt(world, "2026-03-02T10:37:00Z");
    const before = await sessionRows(world);

    await world.stream.repeat();
    await world.settle();

    expect(await sessionRows(world)).toEqual(before);
    expect(world.provider.received).toHaveLength(1);
  });
});

describe("the session-end queue was purged", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  it("L12 L18 the sweep enqueues again what has no job any more, and it is delivered once", async () => {
    await world.chat("one");
    await world.say("/reset");
    await world.step.message();
    await world.step.stream();
    await purge();

    await sweepAt(world, "2026-03-02T10:03:00Z");
    expect(world.delivered()).toEqual([]);
    await sweepAt(world, "2026-03-02T10:05:00Z");

    expect(world.delivered()).toMatchObject([{ reason: "reset", turns: 1 }]);
    expect(await hookRows(world)).toMatchObject(Array(2).fill({ status: "delivered", attempts: 1, enqueues: 1 }));
  });

  it("L18 so it does with a job that was waiting for its next attempt", async () => {
    world.provider.failNext(1, 503);
    await world.chat("one");
    await world.chat("/reset");
    await purge();

    await sweepAt(world, "2026-03-02T10:04:10Z");
    await sweepAt(world, "2026-03-02T10:05:10Z");

    expect(await hookRows(world, "crm")).toMatchObject([{ status: "delivered", attempts: 2 }]);
    expect(world.provider.received).toHaveLength(1);
  });

  async function purge(): Promise<void> {
    const QueueUrl = world.wiring.queues.sessionEnd.crm;
    await world.operatorQueues.send(new PurgeQueueCommand({ QueueUrl }));
    expect(await queueDepth(world, QueueUrl)).toBe(0);
  }
});
