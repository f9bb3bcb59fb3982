import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import type { Context, SQSEvent } from "aws-lambda";
import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHandler } from "../../functions/message.ts";
import { defineAdapter } from "../../lib/config/Adapter.ts";
import { toSqsRecord } from "../../local/events/toSqsRecord.ts";
import { startWorld, type World } from "../world/World.ts";

const REPLY = "the answer";

describe("a message's visibility runs out", () => {
  let world: World;
  /** How long the agent takes. */
  let takes: string;
  let asked: number;
  beforeEach(async () => {
    world = await startWorld();
    [takes, asked] = ["1s", 0];
    const agent = defineAdapter("agent", "slow", v.strictObject({}), () => ({
      reply: async () => {
        asked++;
        world.advance(takes);
        return REPLY;
      },
    }));
    world.deploy({ agent: agent() });
  });
  afterEach(() => world.stop());

  const extensions = () => world.outside.calls.filter((name) => name === "ChangeMessageVisibilityCommand");

  it("not under a quick message: nothing is extended", async () => {
    await world.say("hello");
    await world.step.message();
    expect(extensions()).toEqual([]);
    expect(world.replies.requests).toHaveLength(1);
  });

  it("not under a function that starts late, with a slow agent: it is extended before the work, and the reply goes out once", async () => {
    takes = "45s";
    await world.say("hello");
    const event = await receive();
    world.advance("30s");
    await invoke(event);
    // It would have been visible ten seconds ago.
    expect(await world.step.message()).toBe(false);
    expect(world.replies.requests).toHaveLength(1);
  });

  it("not between an agent that took long and the reply: it is extended again", async () => {
    takes = "49s";
    await world.say("hello");
    await world.step.message();
    expect(extensions()).toHaveLength(1);
  });

  it("before a function starts: that one does nothing, as another has the message", async () => {
    await world.say("hello");
    const event = await receive();
    world.advance("66s");
    const { batchItemFailures } = await world.step.message().then(() => invoke(event));
    expect(batchItemFailures).toHaveLength(1);
    expect(asked).toBe(1);
    expect(world.replies.requests).toHaveLength(1);
    expect(world.logged.map(({ event: name }) => name)).toContain("job.taken");
  });

  it("before the reply is sent: nothing is sent, and whoever has the message sends the stored reply", async () => {
    // As long as no function may take: its clock has stood still.
    takes = "59s";
    await world.say("hello");
    const event = await receive();
    const { release, reached } = world.outside.hold("ChangeMessageVisibilityCommand");
    const first = invoke(event);
    await reached;
    world.advance("7s");
    release();
    expect((await first).batchItemFailures).toHaveLength(1);
    expect(world.replies.requests).toEqual([]);

    await world.settle();
    expect(world.replies.requests).toHaveLength(1);
    expect(asked).toBe(1);
  });

  async function receive(): Promise<SQSEvent> {
    const { Messages = [] } = await world.operatorQueues.send(
      new ReceiveMessageCommand({ QueueUrl: world.wiring.queues.inbound, MessageSystemAttributeNames: ["All"] }),
    );
    return { Records: Messages.map((message) => toSqsRecord(message, { arn: "arn", region: "us-east-1" })) };
  }

  function invoke(event: SQSEvent) {
    const end = Date.now() + 60_000;
    const context = { getRemainingTimeInMillis: () => end - Date.now() } as Context;
    const handler = createHandler(() => ({
      services: world.services,
      inbound: world.inbound,
    }));
    return world.outside.invoke(() => handler(event, context));
  }
});
