import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Queue } from "../../../emulators/sqs/Queue.ts";
import { QueueFile } from "../../../emulators/sqs/QueueFile.ts";
import { Store } from "../../../emulators/sqs/Store.ts";
import { sendMessage } from "../../../emulators/sqs/sendMessage.ts";

/** A file whose disk is full when it is told so: what is written then fails with the commit. */
class FullFile extends QueueFile {
  isFull = false;

  override atomically<T>(work: () => T): T {
    return super.atomically(() => {
      const result = work();
      if (this.isFull) throw new Error("database or disk is full");
      return result;
    });
  }
}

describe("a queue on a disk that was full", () => {
  let path: string;
  let file: FullFile;
  let store: Store;
  let queue: Queue;

  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), "sqs-full-"));
    file = new FullFile(path);
    store = new Store(file);
    const attributes = { FifoQueue: "true", VisibilityTimeout: "60" };
    queue = store.createQueue("q.fifo", "", "arn:aws:sqs:us-east-1:000000000000:q.fifo", attributes);
  });
  afterEach(async () => {
    file.close();
    await rm(path, { recursive: true });
  });

  const send = (body: string) =>
    sendMessage(store, queue, {
      ...{ MessageBody: body, MessageGroupId: "g", MessageDeduplicationId: body },
      MessageAttributes: {},
    });
  const receive = () =>
    store.atomically(() => queue.receive(1, undefined, () => undefined)).map(({ message }) => message.body);
  /** What the next run would find. */
  const stored = () => file.load().flatMap(({ messages }) => messages.map(({ message }) => message.body));

  it("acknowledges the sender's next attempt only with the message on disk", () => {
    file.isFull = true;
    expect(() => send("a")).toThrow("full");
    expect([stored(), queue.visible()]).toEqual([[], []]);

    file.isFull = false;
    send("a");
    expect(stored()).toEqual(["a"]);
    expect(receive()).toEqual(["a"]);
  });

  it("keeps the order of a group whose receive failed", () => {
    send("a");
    send("b");
    file.isFull = true;
    expect(receive).toThrow("full");

    file.isFull = false;
    expect([receive(), receive()]).toEqual([["a"], []]);
  });

  it("still writes to disk afterwards", () => {
    file.isFull = true;
    expect(() => send("a")).toThrow("full");
    file.isFull = false;
    send("b");
    for (const { receiptHandle } of store.atomically(() => queue.receive(1, undefined, () => undefined))) {
      queue.deleteMessage(receiptHandle);
    }
    expect(stored()).toEqual([]);
  });
});
