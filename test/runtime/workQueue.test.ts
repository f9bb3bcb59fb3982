import { type ChangeMessageVisibilityCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import type { LogFields } from "../../lib/runtime/Logger.ts";
import { type Attempt, type WorkOutcome, workQueue } from "../../lib/runtime/workQueue.ts";

const NOW = Date.UTC(2026, 2, 2, 10);
const DEADLINE = NOW + 60_000;
const schema = v.object({ job: v.string() });

function record(id: string, body: string = JSON.stringify({ job: id }), receives = 1): SQSRecord {
  return {
    messageId: id,
    receiptHandle: `handle-${id}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: "0",
      SenderId: "",
      ApproximateFirstReceiveTimestamp: "0",
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "",
    awsRegion: "",
  };
}

/** Works a batch on a queue that only notes for how many seconds each message was hidden. */
async function work(
  records: readonly SQSRecord[],
  task: (job: { job: string }, attempt: Attempt) => Promise<WorkOutcome>,
) {
  const hidden: Record<string, number | undefined> = {};
  const errors: (LogFields | undefined)[] = [];
  const send = async ({ input }: ChangeMessageVisibilityCommand) => {
    hidden[input.ReceiptHandle ?? ""] = input.VisibilityTimeout;
  };
  const client = Object.assign(new SQSClient({ region: "none" }), { send });
  const quiet = () => {};
  const services = {
    clock: { now: () => NOW, until: async () => {} },
    log: { info: quiet, warn: quiet, error: (_: string, _error: unknown, fields?: LogFields) => errors.push(fields) },
  };
  const { batchItemFailures } = await workQueue(services, { client, url: "queue" }, records, schema, DEADLINE, task);
  return { failed: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier), hidden, errors };
}

const done = async () => ({ outcome: "done" });

describe("workQueue", () => {
  it("leaves a message whose work is done to the event source", async () => {
    expect(await work([record("a")], done)).toEqual({ failed: [], hidden: {}, errors: [] });
  });

  it("gives the work its deadline and the number of the attempt", async () => {
    const attempts: Attempt[] = [];
    await work([record("a", undefined, 3)], async (_, attempt) => {
      attempts.push(attempt);
      return { outcome: "done" };
    });
    expect(attempts).toEqual([{ deadline: DEADLINE, number: 3 }]);
  });

  it.each([
    ["as long as it says, in whole seconds", 10_001, 11],
    ["not at all when its time has come", -5_000, 0],
    ["12 hours less a quarter at the most, as SQS can do no more", 48 * 3_600_000, 42_300],
  ])("hides a message that must wait: %s", async (_, wait, seconds) => {
    const { failed, hidden } = await work([record("a")], async () => ({ outcome: "later", at: NOW + wait }));
    expect(failed).toEqual(["a"]);
    expect(hidden).toEqual({ "handle-a": seconds });
  });

  it.each([
    [1, 1],
    [2, 2],
    [6, 32],
    [7, 60],
    [1_000, 60],
  ])("on error number %i the message comes back in %i seconds", async (receives, seconds) => {
    const { failed, hidden } = await work([record("a", undefined, receives)], () => Promise.reject(new Error("x")));
    expect(failed).toEqual(["a"]);
    expect(hidden).toEqual({ "handle-a": seconds });
  });

  it("B7 one message that fails, or can't be read, holds up no other", async () => {
    const batch = [record("bad", "{"), record("wrong", '{"job":1}'), record("throws"), record("good")];
    const worked: string[] = [];
    const { failed } = await work(batch, async ({ job }) => {
      worked.push(job);
      if (job === "throws") throw new Error("x");
      return { outcome: "done" };
    });
    expect(failed).toEqual(["bad", "wrong", "throws"]);
    expect(worked).toEqual(["throws", "good"]);
  });

  it("L8 an error names the message it was about", async () => {
    const { errors } = await work([record("a", "{", 4)], done);
    expect(errors).toEqual([{ messageId: "a", number: 4 }]);
  });
});
