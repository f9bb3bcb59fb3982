import { mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChangeMessageVisibilityCommand, ListQueuesCommand, TagQueueCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startSqs } from "../../../emulators/sqs/startSqs.ts";
import { type SqsBench, sqsBench } from "./sqsBench.ts";

describe("startSqs with a data folder", () => {
  let path: string;
  let bench: SqsBench;

  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), "sqs-"));
    bench = await sqsBench({ path });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await bench.close();
    await rm(path, { recursive: true });
  });
  const restart = async () => {
    await bench.close();
    bench = await sqsBench({ path });
  };

  it("keeps queues, messages in order, in-flight state and receive counts", async () => {
    await bench.create("q.fifo", { VisibilityTimeout: "600", ContentBasedDeduplication: "true" });
    for (const body of ["a1", "a2"]) await bench.send("q.fifo", body, { MessageGroupId: "a" });
    await bench.send("q.fifo", "b1 👋", { MessageGroupId: "b" });
    const [held] = await bench.receive("q.fifo", { MaxNumberOfMessages: 1 });
    await restart();

    expect(await bench.counts("q.fifo")).toEqual([2, 1, 0]);
    expect(await bench.bodies("q.fifo")).toEqual(["b1 👋"]);
    await bench.client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: bench.url("q.fifo"),
        ReceiptHandle: held?.ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );
    await restart();
    const again = await bench.receive("q.fifo");
    expect(again.map((message) => message.Body)).toEqual(["a1", "a2"]);
    expect(again[0]?.Attributes?.ApproximateReceiveCount).toBe("2");
    for (const message of again) await bench.delete("q.fifo", message);
    await restart();
    expect(await bench.counts("q.fifo")).toEqual([0, 1, 0]);
  });

  it("keeps deduplication ids and sequence numbers", async () => {
    await bench.create("q.fifo");
    const send = (id: string) => bench.send("q.fifo", "x", { MessageGroupId: "g", MessageDeduplicationId: id });
    const first = await send("once");
    await bench.delete("q.fifo", (await bench.receive("q.fifo"))[0]);
    await restart();
    expect((await send("once")).MessageId).toBe(first.MessageId);
    expect(BigInt((await send("other")).SequenceNumber ?? 0)).toBeGreaterThan(BigInt(first.SequenceNumber ?? 0));

    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 5 * 60_000 });
    await restart();
    expect((await send("once")).MessageId).not.toBe(first.MessageId);
  });

  it("keeps messages when a queue is tagged, and moves a dead letter with its source", async () => {
    const dlq = await bench.create("dlq");
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dlq, maxReceiveCount: 1 });
    const source = await bench.create("q", { RedrivePolicy });
    for (const body of ["a", "b"]) await bench.send("q", body);
    await bench.client.send(new TagQueueCommand({ QueueUrl: bench.url("q"), Tags: { team: "x" } }));
    await bench.receive("q", { MaxNumberOfMessages: 1, VisibilityTimeout: 0 });
    await restart();
    expect(await bench.bodies("q", { VisibilityTimeout: 600 })).toEqual(["b"]);
    await restart();
    expect(await bench.bodies("q")).toEqual([]);
    await restart();
    const [dead] = await bench.receive("dlq");
    expect(dead).toMatchObject({ Body: "a", Attributes: { DeadLetterQueueSourceArn: source } });
  });

  it("lets visibility and delay pass while it is down", async () => {
    await bench.create("q", { VisibilityTimeout: "3600" });
    await bench.send("q", "held");
    await bench.receive("q");
    await bench.send("q", "delayed", { DelaySeconds: 900 });
    await restart();
    expect(await bench.counts("q")).toEqual([0, 1, 1]);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3600_000 });
    await restart();
    expect((await bench.bodies("q")).sort()).toEqual(["delayed", "held"]);
  });

  it("gives queue URLs at its new port, and takes those of the old one", async () => {
    await bench.create("q");
    const old = bench.url("q");
    await restart();
    const { QueueUrls } = await bench.client.send(new ListQueuesCommand({}));
    expect(QueueUrls).toEqual([bench.url("q")]);
    await bench.send("q", "through the old URL", { QueueUrl: old });
    expect(await bench.bodies("q")).toEqual(["through the old URL"]);
  });

  it("refuses a folder that another emulator uses", async () => {
    await expect(startSqs({ path })).rejects.toMatchObject({ name: "SqsDataError", problem: "in use", path });
    await bench.create("still-works");
  });

  it("leaves the folder free when its port is taken", async () => {
    const other = await mkdtemp(join(tmpdir(), "sqs-"));
    const port = Number(new URL(bench.sqs.endpoint).port);
    await expect(startSqs({ path: other, port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    await (await startSqs({ path: other })).close();
    await rm(other, { recursive: true });
  });

  it("refuses a folder whose data is broken", async () => {
    await bench.create("q");
    for (let index = 0; index < 50; index++) await bench.send("q", "x".repeat(1000));
    await bench.close();
    expect(await readdir(path)).toEqual(["sqs.db"]);
    const broken = expect.objectContaining({ name: "SqsDataError", problem: "broken", path });
    await truncate(join(path, "sqs.db"), 20_000);
    await expect(startSqs({ path })).rejects.toEqual(broken);
    await writeFile(join(path, "sqs.db"), "this is not a database, but it is long enough to be read as one".repeat(99));
    await expect(startSqs({ path })).rejects.toEqual(broken);
    await rm(join(path, "sqs.db"));
  });

  it("refuses a path that is no folder", async () => {
    const file = join(path, "file");
    await writeFile(file, "");
    await expect(startSqs({ path: file })).rejects.toMatchObject({ name: "SqsDataError", problem: "not accessible" });
  });
});
