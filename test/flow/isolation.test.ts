import { SendMessageBatchCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NoSessionEndQueue } from "../../lib/hooks/queueOf.ts";
import { builtin } from "../../lib/index.ts";
import { hookRows, queueDepth, sessionRows } from "../world/rows.ts";
import { startWorld, type World } from "../world/World.ts";
import { webhookTo } from "../world/webhookTo.ts";

describe("two memory providers", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  const queues = () => world.wiring.queues.sessionEnd;

  /** A session of one turn has ended and is sealed; its jobs wait. */
  async function seal(conversation: string): Promise<void> {
    await world.say("My name is Ann", { conversation });
    await world.say("/reset", { conversation });
    while (await world.step.message());
    while (await world.step.stream());
  }

  it("have a queue each, so that one which hangs in all that it may have at once holds up no other", async () => {
    world.provider.setMode("hang");
    for (let index = 0; index < 5; index++) await seal(`chat-${index}`);
    expect(await queueDepth(world, queues().crm)).toBe(5);
    expect(await queueDepth(world, queues().builtin)).toBe(5);

    // Nobody works crm's jobs, as all that may do so wait for an answer.
    while (await world.step.sessionEnd("builtin"));

    expect((await hookRows(world, "builtin")).map(({ status }) => status)).toEqual(Array(5).fill("delivered"));
    expect((await hookRows(world, "crm")).map(({ status, attempts }) => [status, attempts])).toEqual(
      Array(5).fill(["pending", 0]),
    );
  });

  it("a job that an operator moved to another provider's queue is passed on, and delivered once", async () => {
    await seal("ann");
    const [hook] = await hookRows(world, "crm");
    const { session = "", conversation = "" } = hook ?? {};
    const MessageBody = JSON.stringify({ v: 1, session, conversation, provider: "crm" });
    while (await world.step.sessionEnd("crm"));
    await world.operatorQueues.send(new SendMessageCommand({ QueueUrl: queues().builtin, MessageBody }));
    while (await world.step.sessionEnd("builtin"));

    expect(await queueDepth(world, queues().builtin)).toBe(0);
    expect(await queueDepth(world, queues().crm)).toBe(1);
    await world.settle();
    expect(world.provider.requests).toHaveLength(1);
    expect(await queueDepth(world, queues().crm)).toBe(0);
  });

  it("a long queue of one does not put off what the other's queue has lost", async () => {
    await seal("ann");
    while (await world.step.sessionEnd("crm"));
    // builtin's job is gone, and crm's queue is long.
    const body = JSON.stringify({ v: 1, session: "none", conversation: "none", provider: "crm" });
    for (let sent = 0; sent < 1_010; sent += 10) {
      const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: String(index), MessageBody: body }));
      await world.operatorQueues.send(new SendMessageBatchCommand({ QueueUrl: queues().crm, Entries }));
    }
    world.advance("5m");
    await world.sweep();

    expect(await hookRows(world, "builtin")).toMatchObject([{ status: "pending", enqueues: 1 }]);
    expect(world.logged).not.toContainEqual({ event: "queue.long" });
  });

  it("what is pending for one that is taken out is dead with its reason, by way of another's queue", async () => {
    await seal("ann");
    world.deploy({ memory: { builtin: builtin() } });
    // Its own queue is deleted with the job.
    world.advance("5m");
    await world.sweep();
    while (await world.step.sessionEnd("builtin"));

    const [hook] = await hookRows(world, "crm");
    expect(hook).toMatchObject({ status: "dead" });
    expect(hook?.failures.at(-1)?.message).toContain('provider "crm" is not in the config, which has builtin');
    expect(await world.deadLetters()).toBe(1);
  });

  it("with none left, pending hooks are errors that the log and the oldest age tell, and go on when one is back", async () => {
    await seal("ann");
    while (await world.step.sessionEnd("builtin"));
    world.deploy({ memory: {} });
    await world.chat("hello", { conversation: "bob" });
    world.advance("60m");
    await world.sweep();

    expect(world.logged).toContainEqual({ event: "visit.failed", error: new NoSessionEndQueue("crm") });
    expect(world.measured).toContainEqual(
      expect.objectContaining({ name: "OldestUnfinishedHookAge", value: expect.closeTo(3_600, -2) }),
    );
    expect(await hookRows(world, "crm")).toMatchObject([{ status: "pending", attempts: 0 }]);
    // The sweep has done the rest of its work.
    await world.settle();
    expect(await sessionRows(world, "bob")).toMatchObject([{ status: "ended" }]);

    world.deploy({ memory: { crm: webhookTo(world.provider) } });
    world.advance("60m");
    await world.sweep();
    await world.settle();
    expect(await hookRows(world, "crm")).toMatchObject([{ status: "delivered" }]);
  });

  it("a redrive with none left revives nothing, and says what to do", async () => {
    world.deploy({ memory: { crm: webhookTo(world.provider) } });
    world.provider.setMode(401);
    await world.chat("hello");
    await world.chat("/reset");
    const dead = await world.deadHooks();
    expect(dead).toHaveLength(1);
    world.deploy({ memory: {} });

    await expect(world.redrive(dead)).rejects.toThrow(
      'the job for the provider "crm" has no queue to go on, as the stack has no memory provider: put it back into the config and deploy',
    );
    expect(await world.deadHooks()).toEqual(dead);
  });
});
