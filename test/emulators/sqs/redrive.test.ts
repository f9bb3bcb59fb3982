import {
  CancelMessageMoveTaskCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  type Message,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type SqsBench, sqsBench } from "./sqsBench.ts";

describe("the emulator's dead-letter queues", () => {
  let bench: SqsBench;
  let dlqArn: string;

  beforeEach(async () => {
    bench = await sqsBench();
    dlqArn = await bench.create("dlq");
  });
  afterEach(() => bench.close());

  const policy = (arn: string, maxReceiveCount = 2) => ({
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount }),
  });
  /** Receives without hiding until the queue gives nothing more. */
  const fail = async (queue: string): Promise<Message[]> => {
    const all: Message[] = [];
    for (;;) {
      const got = await bench.receive(queue, { VisibilityTimeout: 0 });
      if (got.length === 0) return all;
      all.push(...got);
    }
  };
  const tasks = async (arn: string): Promise<ListMessageMoveTasksResultEntry[]> =>
    (await bench.client.send(new ListMessageMoveTasksCommand({ SourceArn: arn, MaxResults: 10 }))).Results ?? [];
  const finished = (arn: string) =>
    vi.waitFor(async () => {
      const [task] = await tasks(arn);
      expect(task?.Status).not.toBe("RUNNING");
      return task;
    });

  it("take a message that was received maxReceiveCount times, and name its source", async () => {
    const arn = await bench.create("q", policy(dlqArn));
    const sent = await bench.send("q", "poison", {
      MessageGroupId: "tenant",
      MessageAttributes: { k: { DataType: "String", StringValue: "v" } },
    });
    expect((await fail("q")).map((message) => message.Attributes?.ApproximateReceiveCount)).toEqual(["1", "2"]);
    const [dead] = await bench.receive("dlq", { MessageAttributeNames: ["All"] });
    expect(dead).toMatchObject({
      MessageId: sent.MessageId,
      Body: "poison",
      Attributes: { DeadLetterQueueSourceArn: arn, MessageGroupId: "tenant", ApproximateReceiveCount: "3" },
      MessageAttributes: { k: { StringValue: "v" } },
    });
  });

  it("take a FIFO message without blocking its group, whose message id becomes the deduplication id", async () => {
    const fifoDlq = await bench.create("dlq.fifo");
    await bench.create("q.fifo", { ...policy(fifoDlq, 1), ContentBasedDeduplication: "true" });
    for (const body of ["bad", "good"]) await bench.send("q.fifo", body, { MessageGroupId: "g" });
    await bench.receive("q.fifo", { MaxNumberOfMessages: 1, VisibilityTimeout: 0 });
    expect(await bench.bodies("q.fifo")).toEqual(["good"]);
    const [dead] = await bench.receive("dlq.fifo");
    expect(dead).toMatchObject({ Body: "bad", Attributes: { MessageGroupId: "g" } });
    expect(dead?.Attributes?.MessageDeduplicationId).toBe(dead?.MessageId);
  });

  it("are named with their sources by ListDeadLetterSourceQueues", async () => {
    for (const name of ["q1", "q2"]) await bench.create(name, policy(dlqArn));
    const { queueUrls } = await bench.client.send(
      new ListDeadLetterSourceQueuesCommand({ QueueUrl: bench.url("dlq") }),
    );
    expect(queueUrls).toEqual([bench.url("q1"), bench.url("q2")]);
  });

  it("give messages back to their sources with new ids and counts by StartMessageMoveTask", async () => {
    for (const name of ["q1", "q2"]) {
      await bench.create(name, policy(dlqArn));
      await bench.send(name, `from ${name}`);
    }
    const before = [...(await fail("q1")), ...(await fail("q2"))].map((message) => message.MessageId);
    await bench.client.send(new StartMessageMoveTaskCommand({ SourceArn: dlqArn }));
    expect(await finished(dlqArn)).toMatchObject({
      Status: "COMPLETED",
      ApproximateNumberOfMessagesMoved: 2,
      ApproximateNumberOfMessagesToMove: 2,
    });
    expect(await bench.counts("dlq")).toEqual([0, 0, 0]);
    for (const name of ["q1", "q2"]) {
      const [message] = await bench.receive(name);
      expect(message).toMatchObject({ Body: `from ${name}`, Attributes: { ApproximateReceiveCount: "1" } });
      expect(before).not.toContain(message?.MessageId);
      expect(message?.Attributes).not.toHaveProperty("DeadLetterQueueSourceArn");
    }
  });

  it("give back more than one step of messages, in order within a FIFO group", async () => {
    const fifoDlq = await bench.create("dlq.fifo");
    await bench.create("q.fifo", policy(fifoDlq, 1));
    for (let index = 0; index < 120; index++) {
      await bench.send("q.fifo", String(index), { MessageGroupId: "g", MessageDeduplicationId: String(index) });
    }
    await fail("q.fifo");
    expect(await bench.counts("dlq.fifo")).toEqual([120, 0, 0]);
    await bench.client.send(new StartMessageMoveTaskCommand({ SourceArn: fifoDlq }));
    expect(await finished(fifoDlq)).toMatchObject({ ApproximateNumberOfMessagesMoved: 120 });
    expect(await bench.bodies("q.fifo")).toEqual(Array.from({ length: 10 }, (_, index) => String(index)));
  });

  it("cancel a task between two messages of its rate", async () => {
    const other = await bench.create("other");
    await bench.create("q", policy(dlqArn));
    for (let index = 0; index < 5; index++) await bench.send("dlq", String(index));
    const start = { SourceArn: dlqArn, DestinationArn: other, MaxNumberOfMessagesPerSecond: 1 };
    const { TaskHandle } = await bench.client.send(new StartMessageMoveTaskCommand(start));
    expect(await tasks(dlqArn)).toMatchObject([{ Status: "RUNNING", TaskHandle }]);
    await expect(bench.client.send(new StartMessageMoveTaskCommand(start))).rejects.toThrow(/already a task running/);
    const cancel = () => bench.client.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
    expect((await cancel()).ApproximateNumberOfMessagesMoved).toBe(1);
    expect(await tasks(dlqArn)).toMatchObject([{ Status: "CANCELLED" }]);
    expect(await bench.counts("dlq")).toEqual([4, 0, 0]);
    await expect(cancel()).rejects.toMatchObject({ name: "UnsupportedOperation" });
  });

  it("fail a task on a message that no queue dead-lettered, and leave it", async () => {
    await bench.create("q", policy(dlqArn));
    await bench.send("dlq", "sent here");
    await bench.client.send(new StartMessageMoveTaskCommand({ SourceArn: dlqArn }));
    expect(await tasks(dlqArn)).toMatchObject([{ Status: "FAILED", FailureReason: "CouldNotDetermineMessageSource" }]);
    expect(await bench.counts("dlq")).toEqual([1, 0, 0]);
  });

  it("refuse a source that is no dead-letter queue or does not exist, and a target of the other kind", async () => {
    const plain = await bench.create("plain");
    const fifo = await bench.create("x.fifo");
    await bench.create("q", policy(dlqArn));
    const start = (SourceArn: string, DestinationArn?: string) =>
      bench.client.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn }));
    await expect(start(plain)).rejects.toMatchObject({ name: "InvalidParameterValue" });
    await expect(start(`${plain}x`)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(start(dlqArn, fifo)).rejects.toMatchObject({ name: "InvalidParameterValue" });
  });
});
