import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import type { Context, SQSEvent } from "aws-lambda";
import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHandler } from "../../functions/message.ts";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import { toSqsRecord } from "../../local/events/toSqsRecord.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";

const REPLY = "the answer";

describe("a message's visibility", () => {
  let harness: GatewayHarness;
  /** How long the agent takes. */
  let takes: string;
  let asked: number;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    [takes, asked] = ["1s", 0];
    const agent = defineAdapter("agent", "slow", v.strictObject({}), () => ({
      reply: async () => {
        asked++;
        harness.advance(takes);
        return REPLY;
      },
    }));
    harness.deploy({ agent: agent() });
  });
  afterEach(() => harness.stop());

  const extensions = () => harness.gate.calls.filter((name) => name === "ChangeMessageVisibilityCommand");

  it("is not extended under a quick message", async () => {
    await harness.say("hello");
    await harness.step.message();
    expect(extensions()).toEqual([]);
    expect(harness.replies.requests).toHaveLength(1);
  });

  it("is extended before the work of a function that starts late, with a slow agent, and the reply goes out once", async () => {
    takes = "45s";
    await harness.say("hello");
    const event = await receive();
    harness.advance("30s");
    await invoke(event);
    // It would have been visible ten seconds ago.
    expect(await harness.step.message()).toBe(false);
    expect(harness.replies.requests).toHaveLength(1);
  });

  it("is extended again between an agent that took long and the reply", async () => {
    takes = "49s";
    await harness.say("hello");
    await harness.step.message();
    expect(extensions()).toHaveLength(1);
  });

  it("is over before a function starts that does nothing then, as another has the message", async () => {
    await harness.say("hello");
    const event = await receive();
    harness.advance("66s");
    const { batchItemFailures } = await harness.step.message().then(() => invoke(event));
    expect(batchItemFailures).toHaveLength(1);
    expect(asked).toBe(1);
    expect(harness.replies.requests).toHaveLength(1);
    expect(harness.logged.map(({ event: name }) => name)).toContain("job.taken");
  });

  it("is over before the reply is sent, which whoever has the message sends as it is stored", async () => {
    // As long as no function may take: its clock has stood still.
    takes = "59s";
    await harness.say("hello");
    const event = await receive();
    const { release, reached } = harness.gate.hold("ChangeMessageVisibilityCommand");
    const first = invoke(event);
    await reached;
    harness.advance("7s");
    release();
    expect((await first).batchItemFailures).toHaveLength(1);
    expect(harness.replies.requests).toEqual([]);

    await harness.settle();
    expect(harness.replies.requests).toHaveLength(1);
    expect(asked).toBe(1);
  });

  async function receive(): Promise<SQSEvent> {
    const { Messages = [] } = await harness.operatorQueues.send(
      new ReceiveMessageCommand({ QueueUrl: harness.wiring.queues.inbound, MessageSystemAttributeNames: ["All"] }),
    );
    return { Records: Messages.map((message) => toSqsRecord(message, { arn: "arn", region: "us-east-1" })) };
  }

  function invoke(event: SQSEvent) {
    const end = Date.now() + 60_000;
    const context = { getRemainingTimeInMillis: () => end - Date.now() } as Context;
    const handler = createHandler(() => ({
      services: harness.services,
      inbound: harness.inbound,
    }));
    return harness.gate.invoke(() => handler(event, context));
  }
});
