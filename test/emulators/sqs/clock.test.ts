import { ChangeMessageVisibilityCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type SqsBench, sqsBench } from "./sqsBench.ts";

const MINUTE = 60_000;

const HOUR = 60 * MINUTE;

describe("startSqs under a clock that is moved", () => {
  let bench: SqsBench;

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    bench = await sqsBench();
  });
  afterEach(async () => {
    vi.useRealTimers();
    await bench.close();
  });
  const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

  it("shows a message again once its visibility timeout has passed in that time", async () => {
    await bench.create("q", { VisibilityTimeout: "7000" });
    await bench.send("q", "a");
    expect(await bench.bodies("q")).toEqual(["a"]);
    expect(await bench.counts("q")).toEqual([0, 1, 0]);

    pass(7000 * 1000 - 1);
    expect(await bench.bodies("q")).toEqual([]);
    pass(1);
    expect(await bench.counts("q")).toEqual([1, 0, 0]);
    const [again] = await bench.receive("q");
    expect(again?.Attributes?.ApproximateReceiveCount).toBe("2");
  });

  it("hides a message for up to 12 h with ChangeMessageVisibility, each message for itself", async () => {
    await bench.create("q");
    for (const body of ["a", "b"]) await bench.send("q", body);
    const [a, b] = await bench.receive("q");
    const change = (handle: string | undefined, seconds: number) =>
      bench.client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: bench.url("q"),
          ReceiptHandle: handle,
          VisibilityTimeout: seconds,
        }),
      );
    await change(a?.ReceiptHandle, 43_200);
    await change(b?.ReceiptHandle, 3600);
    await expect(change(b?.ReceiptHandle, 43_201)).rejects.toMatchObject({ name: "InvalidParameterValue" });

    pass(HOUR - 1);
    await expect(change(a?.ReceiptHandle, 43_200)).rejects.toThrow(/beyond the limit/);
    pass(1);
    expect(await bench.bodies("q")).toEqual(["b"]);
    await expect(change(b?.ReceiptHandle, 60)).rejects.toMatchObject({ name: "MessageNotInflight" });
    pass(11 * HOUR);
    expect(await bench.bodies("q")).toContain("a");
  });

  it("keeps a FIFO group blocked until a changed visibility ends, while others pass", async () => {
    await bench.create("q.fifo", { ContentBasedDeduplication: "true" });
    for (const body of ["a1", "a2"]) await bench.send("q.fifo", body, { MessageGroupId: "a" });
    const [first] = await bench.receive("q.fifo", { MaxNumberOfMessages: 1 });
    await bench.client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: bench.url("q.fifo"),
        ReceiptHandle: first?.ReceiptHandle,
        VisibilityTimeout: 7200,
      }),
    );
    await bench.send("q.fifo", "b1", { MessageGroupId: "b" });
    pass(HOUR);
    expect(await bench.bodies("q.fifo")).toEqual(["b1"]);
    pass(HOUR);
    expect(await bench.bodies("q.fifo", { MaxNumberOfMessages: 2 })).toEqual(["a1", "a2"]);
  });

  it("delays a message by DelaySeconds", async () => {
    await bench.create("q");
    await bench.send("q", "later", { DelaySeconds: 900 });
    expect(await bench.counts("q")).toEqual([0, 0, 1]);
    pass(15 * MINUTE - 1);
    expect(await bench.bodies("q")).toEqual([]);
    pass(1);
    expect(await bench.bodies("q")).toEqual(["later"]);
  });

  it("drops a duplicate for five minutes, also after a delete", async () => {
    await bench.create("q.fifo");
    const send = () => bench.send("q.fifo", "x", { MessageGroupId: "g", MessageDeduplicationId: "once" });
    const first = await send();
    const [message] = await bench.receive("q.fifo");
    await bench.delete("q.fifo", message);

    pass(5 * MINUTE - 1);
    expect(await send()).toMatchObject({ MessageId: first.MessageId, SequenceNumber: first.SequenceNumber });
    expect(await bench.bodies("q.fifo")).toEqual([]);
    pass(1);
    expect((await send()).MessageId).not.toBe(first.MessageId);
    expect(await bench.bodies("q.fifo")).toEqual(["x"]);
  });

  it("drops messages at the end of their retention, in flight or not", async () => {
    await bench.create("q", { MessageRetentionPeriod: "3600" });
    for (const body of ["a", "b"]) await bench.send("q", body);
    await bench.receive("q", { MaxNumberOfMessages: 1, VisibilityTimeout: 43_200 });
    pass(HOUR - 1);
    expect(await bench.counts("q")).toEqual([1, 1, 0]);
    pass(1);
    expect(await bench.counts("q")).toEqual([0, 0, 0]);
  });

  it("wakes a waiting long poll when the clock passes a visibility timeout", async () => {
    await bench.create("q");
    await bench.send("q", "a");
    await bench.receive("q");
    const start = performance.now();
    const waiting = bench.bodies("q", { WaitTimeSeconds: 5 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    pass(2 * HOUR);
    expect(await waiting).toEqual(["a"]);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
