import { SendMessageBatchCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { builtin } from "../../lib/memory/builtin/builtin.ts";
import { NoSessionEndQueue } from "../../lib/queues/sessionEndQueues.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { hookRows, queueDepth, sessionRows } from "../harness/rows.ts";
import { webhookTo } from "../harness/webhookTo.ts";

describe("the queues of two memory providers", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  const queues = () => harness.wiring.queues.sessionEnd;

  /** A session of one turn has ended and is sealed; its jobs wait. */
  async function seal(conversation: string): Promise<void> {
    await harness.say("My name is Ann", { conversation });
    await harness.say("/reset", { conversation });
    while (await harness.step.message());
    while (await harness.step.stream());
  }

  it("let a provider that hangs in all that it may have at once hold up no other", async () => {
    harness.provider.setMode("hang");
    for (let index = 0; index < 5; index++) await seal(`chat-${index}`);
    expect(await queueDepth(harness, queues().crm)).toBe(5);
    expect(await queueDepth(harness, queues().builtin)).toBe(5);

    // Nobody works crm's jobs, as all that may do so wait for an answer.
    while (await harness.step.sessionEnd("builtin"));

    expect((await hookRows(harness, "builtin")).map(({ status }) => status)).toEqual(Array(5).fill("delivered"));
    expect((await hookRows(harness, "crm")).map(({ status, attempts }) => [status, attempts])).toEqual(
      Array(5).fill(["pending", 0]),
    );
  });

  it("pass a job on that an operator moved to another provider's queue, and it is delivered once", async () => {
    await seal("ann");
    const [hook] = await hookRows(harness, "crm");
    const { session = "", conversation = "" } = hook ?? {};
    const MessageBody = JSON.stringify({ v: 1, session, conversation, provider: "crm" });
    while (await harness.step.sessionEnd("crm"));
    await harness.operatorQueues.send(new SendMessageCommand({ QueueUrl: queues().builtin, MessageBody }));
    while (await harness.step.sessionEnd("builtin"));

    expect(await queueDepth(harness, queues().builtin)).toBe(0);
    expect(await queueDepth(harness, queues().crm)).toBe(1);
    await harness.settle();
    expect(harness.provider.requests).toHaveLength(1);
    expect(await queueDepth(harness, queues().crm)).toBe(0);
  });

  it("put off nothing that one queue has lost because the other one is long", async () => {
    await seal("ann");
    while (await harness.step.sessionEnd("crm"));
    // builtin's job is gone, and crm's queue is long.
    const body = JSON.stringify({ v: 1, session: "none", conversation: "none", provider: "crm" });
    for (let sent = 0; sent < 1_010; sent += 10) {
      const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: String(index), MessageBody: body }));
      await harness.operatorQueues.send(new SendMessageBatchCommand({ QueueUrl: queues().crm, Entries }));
    }
    harness.advance("5m");
    await harness.sweep();

    expect(await hookRows(harness, "builtin")).toMatchObject([{ status: "pending", enqueues: 1 }]);
    expect(harness.logged).not.toContainEqual({ event: "queue.long" });
  });

  it("bring what is pending for a provider that is taken out to its death with the reason, by way of another's queue", async () => {
    await seal("ann");
    harness.deploy({ memory: { builtin: builtin() } });
    // Its own queue is deleted with the job.
    harness.advance("5m");
    await harness.sweep();
    while (await harness.step.sessionEnd("builtin"));

    const [hook] = await hookRows(harness, "crm");
    expect(hook).toMatchObject({ status: "dead" });
    expect(hook?.failures.at(-1)?.message).toContain('provider "crm" is not in the config, which has builtin');
    expect(await harness.dlq()).toBe(1);
  });

  it("leave pending hooks as errors that the log and the oldest age tell when no provider is left, until one is back", async () => {
    await seal("ann");
    while (await harness.step.sessionEnd("builtin"));
    harness.deploy({ memory: {} });
    await harness.chat("hello", { conversation: "bob" });
    harness.advance("60m");
    await harness.sweep();

    expect(harness.logged).toContainEqual({ event: "visit.failed", error: new NoSessionEndQueue("crm") });
    expect(harness.measured).toContainEqual(
      expect.objectContaining({ name: "OldestUnfinishedHookAge", value: expect.closeTo(3_600, -2) }),
    );
    expect(await hookRows(harness, "crm")).toMatchObject([{ status: "pending", attempts: 0 }]);
    // The sweep has done the rest of its work.
    await harness.settle();
    expect(await sessionRows(harness, "bob")).toMatchObject([{ status: "ended" }]);

    harness.deploy({ memory: { crm: webhookTo(harness.provider) } });
    harness.advance("60m");
    await harness.sweep();
    await harness.settle();
    expect(await hookRows(harness, "crm")).toMatchObject([{ status: "delivered" }]);
  });

  it("revive nothing by a redrive when no provider is left, and the redrive says what to do", async () => {
    harness.deploy({ memory: { crm: webhookTo(harness.provider) } });
    harness.provider.setMode(401);
    await harness.chat("hello");
    await harness.chat("/reset");
    const dead = await harness.deadHooks();
    expect(dead).toHaveLength(1);
    harness.deploy({ memory: {} });

    await expect(harness.redrive(dead)).rejects.toThrow(
      'the job for the provider "crm" has no queue to go on, as the stack has no memory provider: put it back into the config and deploy',
    );
    expect(await harness.deadHooks()).toEqual(dead);
  });
});
