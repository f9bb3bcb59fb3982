import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { moveBack as moveMessages } from "../harness/moveBack.ts";
import { hookRows } from "../harness/rows.ts";

describe("a redrive by the queue's own message move task", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    harness.provider.setMode(401);
    await harness.chat("hello");
    await harness.chat("/reset");
    harness.advance("1m");
  });
  afterEach(() => harness.stop());

  it("revives what is dead, which is delivered once", async () => {
    harness.provider.setMode("ok");
    await moveBack();
    await harness.settle();

    expect(harness.delivered()).toMatchObject([{ turns: 1, reason: "reset" }]);
    expect(await hookRows(harness, "crm")).toMatchObject([{ status: "delivered", redrives: 1 }]);
    expect(await harness.dlq()).toBe(0);
  });

  it("makes a new DLQ message for the new death when the fault is still there", async () => {
    await moveBack();
    await harness.settle();
    expect(await hookRows(harness, "crm")).toMatchObject([{ status: "dead", redrives: 1 }]);
    expect(await harness.dlq()).toBe(1);

    harness.provider.setMode("ok");
    await moveBack();
    await harness.settle();
    expect(harness.delivered()).toHaveLength(1);
    expect(await hookRows(harness, "crm")).toMatchObject([{ status: "delivered", redrives: 2 }]);
  });

  it("revives nothing by a stale job of an earlier death", async () => {
    const stale = await dlqMessage();
    await moveBack();
    await harness.settle();
    const calls = harness.provider.requests.length;

    await enqueue(stale);
    await harness.settle();

    expect(harness.provider.requests).toHaveLength(calls);
    expect(await hookRows(harness, "crm")).toMatchObject([{ status: "dead", redrives: 1 }]);
  });

  it("revives nothing by a plain duplicate of the first job, either", async () => {
    const { deadAt: _, ...plain } = JSON.parse(await dlqMessage());
    await enqueue(JSON.stringify(plain));
    await harness.settle();

    expect(harness.provider.requests).toHaveLength(1);
    expect(await hookRows(harness, "crm")).toMatchObject([{ status: "dead", redrives: 0 }]);
  });

  it("D2 delivers once when an operator redrives at the same time", async () => {
    harness.provider.setMode("ok");
    const dead = await harness.deadHooks();
    await Promise.all([moveBack(), harness.redrive(dead)]);
    await harness.settle();
    await harness.recover();

    expect(harness.provider.received).toHaveLength(1);
    expect(await hookRows(harness, "crm")).toMatchObject([{ status: "delivered" }]);
    expect(await harness.dlq()).toBe(0);
  });

  it("writes the DLQ message when the job comes again after a kill between the new death and that message", async () => {
    await moveBack();
    harness.gate.plan({ call: 7, when: "before" });
    await harness.step.sessionEnd().catch(() => undefined);
    expect(harness.gate.pending).toBe(false);
    await harness.recover();

    expect(await hookRows(harness, "crm")).toMatchObject([{ status: "dead", redrives: 1 }]);
    expect(await harness.dlq()).toBe(1);
  });

  function moveBack(): Promise<void> {
    const { sessionEnd, sessionEndDead } = harness.wiring.queues;
    return moveMessages(harness, sessionEndDead, sessionEnd.crm);
  }

  /** The one DLQ message, which stays where it is. */
  async function dlqMessage(): Promise<string> {
    const { Messages } = await harness.operatorQueues.send(
      new ReceiveMessageCommand({ QueueUrl: harness.wiring.queues.sessionEndDead, VisibilityTimeout: 0 }),
    );
    return Messages?.[0]?.Body ?? "";
  }

  async function enqueue(body: string): Promise<void> {
    await harness.operatorQueues.send(
      new SendMessageCommand({ QueueUrl: harness.wiring.queues.sessionEnd.crm, MessageBody: body }),
    );
  }
});
