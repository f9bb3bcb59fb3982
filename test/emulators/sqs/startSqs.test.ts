import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  GetQueueUrlCommand,
  SendMessageBatchCommand,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SqsBench, sqsBench } from "./sqsBench.ts";

describe("startSqs", () => {
  let bench: SqsBench;

  beforeEach(async () => {
    bench = await sqsBench();
  });
  afterEach(() => bench.close());

  it("listens on 127.0.0.1 and gives queue URLs there", async () => {
    await bench.create("q");
    const { QueueUrl } = await bench.client.send(new GetQueueUrlCommand({ QueueName: "q" }));
    expect(QueueUrl).toBe(`${bench.sqs.endpoint}/000000000000/q`);
    expect(bench.sqs.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const port = new URL(bench.sqs.endpoint).port;
    await expect(fetch(`http://127.0.0.2:${port}/`)).rejects.toThrow();
  });

  it("hands out message attributes that were asked for only", async () => {
    await bench.create("q");
    const text = (StringValue: string) => ({ DataType: "String", StringValue });
    const MessageAttributes = { "a.1": text("1"), "a.2": text("2"), b: text("3") };
    await bench.send("q", "m", { MessageAttributes });
    const names = async (wanted: string[]) => {
      const [message] = await bench.receive("q", { VisibilityTimeout: 0, MessageAttributeNames: wanted });
      return Object.keys(message?.MessageAttributes ?? {});
    };
    expect(await names([])).toEqual([]);
    expect(await names(["b"])).toEqual(["b"]);
    expect(await names(["a.*"])).toEqual(["a.1", "a.2"]);
    expect(await names(["All"])).toEqual(["a.1", "a.2", "b"]);
  });

  it.each(["q", "q.fifo"])(
    "tells without a request what a receive could find in %s, and what is delayed",
    async (name) => {
      const isFifo = name.endsWith(".fifo");
      await bench.create(name, isFifo ? { ContentBasedDeduplication: "true" } : {});
      const waiting = () => bench.sqs.waiting(bench.sqs.queueUrl(name));
      const group = isFifo ? { MessageGroupId: "g" } : {};
      expect(waiting()).toEqual({ visible: 0, delayed: 0 });
      await bench.send(name, "1", group);
      await bench.send(name, "2", group);
      expect(waiting()).toEqual({ visible: 2, delayed: 0 });
      const [held] = await bench.receive(name, { MaxNumberOfMessages: 1 });
      // A group waits for what is held of it.
      expect(waiting()).toEqual({ visible: isFifo ? 0 : 1, delayed: 0 });
      await bench.delete(name, held);
      expect(waiting()).toEqual({ visible: 1, delayed: 0 });
      if (!isFifo) {
        await bench.send(name, "3", { DelaySeconds: 60 });
        expect(waiting()).toEqual({ visible: 1, delayed: 1 });
      }
      expect(() => bench.sqs.waiting(bench.sqs.queueUrl("none"))).toThrow("there is no queue");
    },
  );

  it("orders a FIFO group, hands out several of it at once, and blocks it while one is held", async () => {
    await bench.create("q.fifo", { ContentBasedDeduplication: "true" });
    for (const body of ["1", "2", "3", "4"]) await bench.send("q.fifo", body, { MessageGroupId: "g" });
    const held = await bench.receive("q.fifo", { MaxNumberOfMessages: 3 });
    expect(held.map((message) => message.Body)).toEqual(["1", "2", "3"]);
    expect(await bench.bodies("q.fifo")).toEqual([]);

    await bench.delete("q.fifo", held[0]);
    for (const message of [held[2], held[1]]) {
      expect(await bench.bodies("q.fifo")).toEqual([]);
      await bench.client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: bench.url("q.fifo"),
          ReceiptHandle: message?.ReceiptHandle,
          VisibilityTimeout: 0,
        }),
      );
    }
    expect(await bench.bodies("q.fifo")).toEqual(["2", "3", "4"]);
  });

  it("lets FIFO groups take turns", async () => {
    await bench.create("q.fifo", { ContentBasedDeduplication: "true" });
    for (const body of ["a1", "a2", "a3"]) await bench.send("q.fifo", body, { MessageGroupId: "a" });
    await bench.send("q.fifo", "b1", { MessageGroupId: "b" });
    const order: (string | undefined)[] = [];
    for (let index = 0; index < 4; index++) {
      const [message] = await bench.receive("q.fifo", { MaxNumberOfMessages: 1 });
      order.push(message?.Body);
      await bench.delete("q.fifo", message);
    }
    expect(order).toEqual(["a1", "b1", "a2", "a3"]);
  });

  it("scopes deduplication to the group when the queue says so", async () => {
    const attributes = { DeduplicationScope: "messageGroup", FifoThroughputLimit: "perMessageGroupId" };
    await bench.create("q.fifo", attributes);
    for (const group of ["a", "b", "a"]) {
      await bench.send("q.fifo", group, { MessageGroupId: group, MessageDeduplicationId: "same" });
    }
    expect(await bench.bodies("q.fifo")).toEqual(["a", "b"]);
  });

  it("deletes with the latest handle after the visibility timeout, and FIFO refuses a handle whose time is over", async () => {
    await bench.create("q");
    await bench.send("q", "late");
    const [late] = await bench.receive("q", { VisibilityTimeout: 0 });
    await bench.delete("q", late);
    expect(await bench.counts("q")).toEqual([0, 0, 0]);

    await bench.create("q.fifo", { ContentBasedDeduplication: "true" });
    await bench.send("q.fifo", "late", { MessageGroupId: "g" });
    const [old] = await bench.receive("q.fifo", { VisibilityTimeout: 0 });
    await expect(bench.delete("q.fifo", old)).rejects.toThrow(/receipt handle has expired/);
    const batch = new DeleteMessageBatchCommand({
      QueueUrl: bench.url("q.fifo"),
      Entries: [{ Id: "x", ReceiptHandle: old?.ReceiptHandle }],
    });
    expect((await bench.client.send(batch)).Failed).toMatchObject([{ Id: "x", SenderFault: true }]);
    const [fresh] = await bench.receive("q.fifo");
    await bench.delete("q.fifo", fresh);
    await bench.delete("q.fifo", fresh);
    expect(await bench.counts("q.fifo")).toEqual([0, 0, 0]);
  });

  it("gives a message to one of several waiting long polls, and lets the others wait on", async () => {
    await bench.create("q");
    const start = performance.now();
    const polls = [1, 2, 3].map(async () => {
      const got = await bench.bodies("q", { WaitTimeSeconds: 1 });
      return { got: got.length, after: performance.now() - start };
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await bench.send("q", "one");
    const results = (await Promise.all(polls)).sort((a, b) => a.after - b.after);
    expect(results.map(({ got }) => got)).toEqual([1, 0, 0]);
    expect(results[0]?.after).toBeLessThan(700);
    expect(results[1]?.after).toBeGreaterThan(950);
  });

  it("does not hand a message to a consumer that has left", async () => {
    await bench.create("q");
    const abort = new AbortController();
    const gone = fetch(bench.sqs.endpoint, {
      method: "POST",
      signal: abort.signal,
      headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.ReceiveMessage" },
      body: JSON.stringify({ QueueUrl: bench.url("q"), WaitTimeSeconds: 20 }),
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    abort.abort();
    await expect(gone).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await bench.send("q", "kept");
    expect(await bench.bodies("q")).toEqual(["kept"]);
  });

  it("fails entries of a batch one by one", async () => {
    await bench.create("q.fifo");
    const good = { MessageBody: "b", MessageGroupId: "g", MessageDeduplicationId: "d" };
    const { Successful, Failed } = await bench.client.send(
      new SendMessageBatchCommand({
        QueueUrl: bench.url("q.fifo"),
        Entries: [
          { Id: "good", ...good },
          { Id: "no-group", ...good, MessageGroupId: undefined },
        ],
      }),
    );
    expect(Successful?.map(({ Id }) => Id)).toEqual(["good"]);
    expect(Failed).toMatchObject([{ Id: "no-group", Code: "MissingParameter", SenderFault: true }]);
  });
});
