import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type DlqTools,
  discardDlqMessages,
  listDlqMessages,
  redriveDlqMessages,
} from "../../lib/operator/inbound/dlqMessages.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { queueDepth } from "../harness/rows.ts";

describe("the inbound dead-letter queue", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  const tools = (): DlqTools => ({
    services: { ...harness.services, table: harness.operatorTable },
    config: harness.services.config,
    queues: {
      inbound: { client: harness.operatorQueues, url: harness.wiring.queues.inbound },
      inboundDlq: { client: harness.operatorQueues, url: harness.wiring.queues.inboundDead },
    },
  });
  const dead = () => queueDepth(harness, harness.wiring.queues.inboundDead);

  /** What waits on the inbound queue is given up. */
  async function giveUp(): Promise<void> {
    const client = harness.operatorQueues;
    const { inbound, inboundDead } = harness.wiring.queues;
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        ...{ QueueUrl: inbound, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ["MessageGroupId"] },
      }),
    );
    for (const { Body, Attributes, MessageId, ReceiptHandle } of Messages) {
      await put(Body ?? "", Attributes?.MessageGroupId ?? "", MessageId ?? "");
      await client.send(new DeleteMessageCommand({ QueueUrl: inbound, ReceiptHandle }));
    }
    expect(inboundDead).not.toBe(inbound);
  }

  async function put(MessageBody: string, MessageGroupId: string, MessageDeduplicationId: string): Promise<void> {
    const QueueUrl = harness.wiring.queues.inboundDead;
    await harness.operatorQueues.send(
      new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId, MessageDeduplicationId }),
    );
  }

  it("is listed and explained, and shows all of it again afterwards", async () => {
    await harness.say("first");
    await giveUp();
    await harness.say("second", { conversation: "bob", user: { id: "bob" } });
    await giveUp();
    await put("nonsense", "x", "x");
    await put(JSON.stringify({ v: 9 }), "y", "y");

    const { dlqMessages, total } = await listDlqMessages(tools(), {});
    expect(total).toBe(4);
    expect(dlqMessages.find(({ text }) => text === "first")).toMatchObject({
      ...{ platform: "http", conversation: "default/http/ann//", user: "ann" },
      why: expect.stringContaining("it has no turn"),
    });
    const unread = dlqMessages.filter(({ text }) => text === null).map(({ why }) => why);
    expect(unread.toSorted()).toEqual([
      expect.stringContaining("a newer version"),
      expect.stringContaining("no job of this queue"),
    ]);
    expect((await listDlqMessages(tools(), { user: "bob" })).dlqMessages).toMatchObject([{ text: "second" }]);
    expect((await listDlqMessages(tools(), {})).dlqMessages).toHaveLength(4);
  });

  it("is moved back in order, and makes no second turn of what has its turn already", async () => {
    const messageId = "twice";
    const sentAt = Date.now();
    await harness.say("one", { messageId, sentAt });
    await giveUp();
    await harness.say("two");
    await giveUp();
    expect(await redriveDlqMessages(tools(), {}, { who: "ann" })).toMatchObject([{ text: "one" }, { text: "two" }]);
    expect(await dead()).toBe(0);
    await harness.settle();
    expect(harness.replies.effects.map(({ body }) => body.text)).toEqual(["You said: one", "You said: two"]);

    harness.advance("10m");
    await harness.say("one", { messageId, sentAt });
    await giveUp();
    const { dlqMessages } = await listDlqMessages(tools(), {});
    expect(dlqMessages).toMatchObject([{ why: expect.stringContaining("its turn is in session") }]);
    await redriveDlqMessages(tools(), { id: dlqMessages[0]?.id.slice(0, 8) }, { who: "ann" });
    await harness.settle();
    expect(harness.replies.effects).toHaveLength(2);
  });

  it("is discarded by what is named alone, with a reason", async () => {
    await harness.say("keep");
    await giveUp();
    await harness.say("drop", { conversation: "bob", user: { id: "bob" } });
    await giveUp();
    expect(await discardDlqMessages(tools(), { user: "bob" }, { who: "ann", why: "spam" })).toMatchObject([
      { text: "drop" },
    ]);
    expect((await listDlqMessages(tools(), {})).dlqMessages).toMatchObject([{ text: "keep" }]);
  });

  it("is moved back whole and in order for a conversation with more than ten messages", async () => {
    const texts = Array.from({ length: 13 }, (_, index) => `m${index}`);
    for (const text of texts) {
      await harness.say(text);
      harness.advance("1s");
    }
    for (let round = 0; round < 4; round++) await giveUp();
    expect(await redriveDlqMessages(tools(), {}, { who: "ann" })).toHaveLength(13);
    await harness.settle();
    expect(harness.replies.effects.map(({ body }) => body.text)).toEqual(texts.map((text) => `You said: ${text}`));
  });
});
