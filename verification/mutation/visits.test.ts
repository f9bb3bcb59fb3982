import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  MessageNotInflight,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, describe, expect, it } from "vitest";
import type { Hook } from "../../lib/domain/Hook.ts";
import { hookVisits } from "../../lib/expiry/hookVisits.ts";
import { visitHook } from "../../lib/expiry/visitHook.ts";
import { redriveHooks } from "../../lib/operator/redrive.ts";
import type { SessionEndQueues } from "../../lib/queues/sessionEndQueues.ts";
import { ProviderBug } from "../../lib/session-end/errors.ts";
import { hookItem } from "../../lib/store/keys.ts";
import { createStepHarness, type StepHarness } from "./createStepHarness.ts";

const NOW = Date.parse("2026-03-02T10:00:00Z");

const MINUTE = 60_000;

const DAY = 24 * 60 * MINUTE;

const KEY = hookItem("S1", "crm");

const HOOK: Hook = {
  ...{ session: "S1", conversation: "c", provider: "crm", status: "pending", createdAt: NOW - DAY, attempts: 0 },
  ...{ failures: [], nextAttemptAt: NOW - 5 * MINUTE, redrives: 0, enqueues: 0 },
};

describe("a visit to a hook", () => {
  let harness: StepHarness;
  let waiting: number;
  let jobs: unknown[];
  let dlqMessages: { MessageId: string; ReceiptHandle: string; Body: string }[];
  let shown: unknown[];
  let receives: number;
  const queue = { client: new SQSClient({ region: "none" }), url: "url" };
  const queues: SessionEndQueues = new Map([["crm", queue]]);
  beforeEach(() => {
    harness = createStepHarness(NOW);
    [waiting, jobs, dlqMessages, shown, receives] = [0, [], [], [], 0];
    const send = async (command: object): Promise<object> => {
      if (command instanceof GetQueueAttributesCommand) {
        return {
          Attributes: { ApproximateNumberOfMessages: String(waiting), ApproximateNumberOfMessagesNotVisible: "0" },
        };
      }
      if (command instanceof SendMessageBatchCommand) {
        for (const { MessageBody = "" } of command.input.Entries ?? []) jobs.push(JSON.parse(MessageBody));
      } else if (command instanceof ReceiveMessageCommand) {
        receives++;
        // A short poll asks some of the queue's servers only: it may miss what is there.
        return command.input.WaitTimeSeconds && dlqMessages.length > 0 ? { Messages: dlqMessages } : {};
      } else if (command instanceof DeleteMessageBatchCommand) {
        const handles = command.input.Entries?.map(({ ReceiptHandle }) => ReceiptHandle);
        dlqMessages = dlqMessages.filter(({ ReceiptHandle }) => !handles?.includes(ReceiptHandle));
      } else if (command instanceof ChangeMessageVisibilityCommand) {
        shown.push(command.input.ReceiptHandle);
        throw new MessageNotInflight({ message: "it is visible", $metadata: {} });
      }
      return {};
    };
    Object.assign(queue.client, { send });
  });
  const visit = () => visitHook(harness.services, queues, KEY);

  it("enqueues a hook again whose job is overdue, to the millisecond, and later the next time", async () => {
    harness.put({ ...KEY, ...HOOK, at: 1 });
    expect(await visit()).toMatchObject({ session: "S1", enqueues: 0 });
    expect(jobs).toHaveLength(1);
    expect(harness.peek(KEY)).toMatchObject({ enqueues: 1, enqueuedAt: NOW, at: NOW + 10 * MINUTE });
    harness.put({ ...KEY, ...HOOK, nextAttemptAt: NOW - 5 * MINUTE + 1, at: 1 });
    await visit();
    expect(jobs).toHaveLength(1);
    expect(harness.peek(KEY)).toEqual({ ...KEY, v: 1, ...HOOK, nextAttemptAt: NOW - 5 * MINUTE + 1, at: NOW + 1 });
  });

  it("does nothing at a hook that is gone or finished", async () => {
    expect(await visit()).toBeUndefined();
    harness.put({ ...KEY, ...HOOK, status: "delivered" });
    expect(await visit()).toBeUndefined();
    expect([jobs, harness.logged]).toEqual([[], []]);
  });

  it("leaves a hook to the worker that has taken it up meanwhile, and throws another error", async () => {
    harness.put({ ...KEY, ...HOOK, at: 1 });
    harness.instead = (command) => {
      if (command instanceof UpdateCommand) harness.put({ ...KEY, ...HOOK, attempts: 1, at: 2 });
      return undefined;
    };
    expect(await visit()).toMatchObject({ attempts: 0 });
    expect(harness.peek(KEY)).toMatchObject({ attempts: 1, at: 2 });
    // One that has just recorded the crash of the attempt before, and so made none of its own.
    harness.put({ ...KEY, ...HOOK, at: 1 });
    harness.instead = (command) => {
      if (command instanceof UpdateCommand)
        harness.put({ ...KEY, ...HOOK, nextAttemptAt: NOW + DAY, isDeferred: true, at: 3 });
      return undefined;
    };
    await visit();
    expect(harness.peek(KEY)).toMatchObject({ isDeferred: true, at: 3 });
    harness.instead = (command) => (command instanceof UpdateCommand ? Promise.reject(new Error("down")) : undefined);
    await expect(visit()).rejects.toThrow("down");
  });

  it("puts a hook off by an hour while the queue is long, but not after a day overdue", async () => {
    waiting = 1_001;
    harness.put({ ...KEY, ...HOOK, nextAttemptAt: NOW - DAY - 5 * MINUTE + 1, at: NOW });
    await hookVisits(harness.services, queues).visit(KEY, NOW);
    expect(harness.peek(KEY)).toMatchObject({ at: NOW + 60 * MINUTE, enqueues: 0 });
    expect(harness.logged).toEqual([{ event: "queue.long", provider: "crm", waiting: 1_001 }]);
    harness.put({ ...KEY, ...HOOK, nextAttemptAt: NOW - DAY - 5 * MINUTE, at: NOW });
    await hookVisits(harness.services, queues).visit(KEY, NOW);
    expect(harness.peek(KEY)).toMatchObject({ enqueues: 1 });
  });

  it("does nothing at a hook that is finished when it is to be put off", async () => {
    waiting = 1_001;
    harness.put({ ...KEY, ...HOOK, status: "delivered" });
    await hookVisits(harness.services, queues).visit(KEY, NOW);
    expect([jobs, harness.logged]).toEqual([[], [{ event: "queue.long", provider: "crm", waiting: 1_001 }]]);
  });

  it("takes a queue that does not answer for a short one, and says which", async () => {
    harness.put({ ...KEY, ...HOOK, at: NOW });
    const { send } = queue.client;
    Object.assign(queue.client, {
      send: (command: object) =>
        command instanceof GetQueueAttributesCommand
          ? Promise.reject(new Error("down"))
          : Reflect.apply(send, queue.client, [command]),
    });
    await hookVisits(harness.services, queues).visit(KEY, NOW);
    expect(jobs).toHaveLength(1);
    expect(harness.logged[0]).toEqual({ event: "queue.unseen", provider: "crm", error: new Error("down") });
  });

  it("B7 enqueues a deferred hook in time, which has no job in the queue, however long that is", async () => {
    waiting = 1_001;
    harness.put({ ...KEY, ...HOOK, nextAttemptAt: NOW + 1, isDeferred: true, at: NOW });
    await hookVisits(harness.services, queues).visit(KEY, NOW);
    expect(jobs).toEqual([]);
    expect(harness.peek(KEY)).toMatchObject({ isDeferred: true, at: NOW + 1 });
    harness.now = NOW + 1;
    await hookVisits(harness.services, queues).visit(KEY, NOW + 1);
    expect(jobs).toHaveLength(1);
    expect(harness.peek(KEY)).toMatchObject({ enqueues: 0, enqueuedAt: NOW + 1 });
    expect(harness.peek(KEY)).not.toHaveProperty("isDeferred");
  });

  it("takes a thousand jobs that wait for no long queue", async () => {
    waiting = 1_000;
    harness.put({ ...KEY, ...HOOK, at: NOW });
    await hookVisits(harness.services, queues).visit(KEY, NOW);
    expect(jobs).toHaveLength(1);
    expect(harness.logged).toMatchObject([{ event: "hook.overdue" }]);
  });

  describe("a redrive and the DLQ messages", () => {
    const dead = { ...HOOK, status: "dead" as const, deadAt: 7 };
    const job = { v: 1, session: "S1", conversation: "c", provider: "crm" };
    const other = { ...job, session: "S2" };
    const dlqMessage = (name: string, body: object | string) => ({
      ...{ MessageId: name, ReceiptHandle: name, Body: typeof body === "string" ? body : JSON.stringify(body) },
    });
    const redrive = (...hooks: readonly Hook[]) =>
      redriveHooks(harness.services, { sessionEnd: queues, dlq: queue }, hooks);
    const left = () => dlqMessages.map(({ MessageId }) => MessageId);

    it("takes away every DLQ message of a hook that is revived, and that of no hook that is dead", async () => {
      harness.put({ ...KEY, ...dead });
      harness.put({ ...hookItem("S2", "crm"), ...dead, session: "S2" });
      dlqMessages = [
        ...[
          dlqMessage("same", { ...job, deadAt: 7 }),
          dlqMessage("earlier", { ...job, deadAt: 6 }),
          dlqMessage("none", job),
        ],
        ...[dlqMessage("present", { ...other, deadAt: 7 }), dlqMessage("given up", other)],
      ];
      expect(await redrive(HOOK, dead)).toEqual({ revived: [dead], cleared: 3 });
      expect(left()).toEqual(["present", "given up"]);
      expect(shown.toSorted()).toEqual(["given up", "present"]);
      // What it has shown is shown again: there is nothing new.
      expect(receives).toBe(2);
      expect(jobs).toEqual([job]);
    });

    it.each([
      ["delivered", { ...HOOK, status: "delivered" }],
      ["pending", HOOK],
      ["dead by a later death", { ...dead, deadAt: 8 }],
      ["dead by another clock's death", { ...dead, deadAt: 6 }],
      ["gone", undefined],
    ])(
      "takes away what an earlier redrive left, though there is nothing to revive: a hook that is %s",
      async (_, row) => {
        if (row) harness.put({ ...KEY, ...row });
        dlqMessages = [dlqMessage("left", { ...job, deadAt: 7 })];
        expect(await redrive()).toEqual({ revived: [], cleared: 1 });
        expect([left(), shown]).toEqual([[], []]);
        // One empty answer of all the servers is enough.
        expect(receives).toBe(2);
      },
    );

    it.each([
      ["of a row that a newer version wrote", { ...HOOK, v: 2 }, { ...job, deadAt: 7 }],
      ["of a row that is spoiled", { ...HOOK, attempts: "?" }, { ...job, deadAt: 7 }],
      ["that a newer version wrote", HOOK, { ...job, v: 2, deadAt: 7 }],
      ["that is none of ours", HOOK, { session: "S1" }],
      ["that is no JSON", HOOK, "text"],
    ])("leaves a DLQ message %s", async (_, row, body) => {
      harness.put({ ...KEY, ...row });
      dlqMessages = [dlqMessage("other", body)];
      expect(await redrive()).toEqual({ revived: [], cleared: 0 });
      expect([left(), shown]).toEqual([["other"], ["other"]]);
    });

    it("takes nothing away while the table can't be read, and says so", async () => {
      dlqMessages = [dlqMessage("left", job)];
      harness.instead = () => Promise.reject(new Error("throttled"));
      await expect(redrive()).rejects.toThrow("throttled");
      expect(left()).toEqual(["left"]);
    });
  });

  it("keeps what was thrown by a provider's bug", () => {
    const thrown = new TypeError("no");
    expect(new ProviderBug("crm", thrown).cause).toBe(thrown);
  });
});
