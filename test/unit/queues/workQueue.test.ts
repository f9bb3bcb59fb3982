import { type ChangeMessageVisibilityCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import type { LogFields } from "../../../lib/domain/observability.ts";
import { type Attempt, type WorkOutcome, workQueue } from "../../../lib/queues/workQueue.ts";

const NOW = Date.UTC(2026, 2, 2, 10);

const DEADLINE = NOW + 60_000;

/** The clock. */
let now = NOW;

const schema = v.object({ job: v.string() });

/** @param age how long ago it was first received, milliseconds */
function record(id: string, body: string = JSON.stringify({ job: id }), receives = 1, age = 0): SQSRecord {
  return {
    messageId: id,
    receiptHandle: `handle-${id}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: "0",
      SenderId: "",
      ApproximateFirstReceiveTimestamp: String(NOW - age),
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "",
    awsRegion: "",
  };
}

/** Works a batch on a queue that only notes for how many seconds each message was hidden, or refuses with an error. */
async function work(
  records: readonly SQSRecord[],
  task: (job: { job: string }, attempt: Attempt) => Promise<WorkOutcome>,
  refusal?: Error,
) {
  now = NOW;
  const hidden: Record<string, number | undefined> = {};
  const extended: (number | undefined)[] = [];
  const errors: (LogFields | undefined)[] = [];
  const warned: string[] = [];
  const send = async ({ input }: ChangeMessageVisibilityCommand) => {
    if (refusal) throw refusal;
    hidden[input.ReceiptHandle ?? ""] = input.VisibilityTimeout;
    extended.push(input.VisibilityTimeout);
  };
  const client = Object.assign(new SQSClient({ region: "none" }), { send });
  const quiet = () => {};
  const services = {
    clock: { now: () => now, until: async () => {} },
    log: {
      info: quiet,
      warn: (event: string) => void warned.push(event),
      error: (_: string, _error: unknown, fields?: LogFields) => errors.push(fields),
    },
  };
  const failed = await workQueue(services, { client, url: "queue" }, records, schema, DEADLINE, task);
  return { failed, hidden, extended, errors, warned };
}

const done = async () => ({ outcome: "done" });

describe("workQueue", () => {
  it("leaves a message whose work is done to the event source", async () => {
    expect(await work([record("a")], done)).toMatchObject({ failed: [], hidden: {}, errors: [] });
  });

  it("gives the work its deadline and the number of the attempt", async () => {
    const attempts: Attempt[] = [];
    await work([record("a", undefined, 3)], async (_, attempt) => {
      attempts.push(attempt);
      return { outcome: "done" };
    });
    expect(attempts).toMatchObject([{ deadline: DEADLINE, number: 3 }]);
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
  ])("brings a message back after error number %i in %i seconds", async (receives, seconds) => {
    const { failed, hidden } = await work([record("a", undefined, receives)], () => Promise.reject(new Error("x")));
    expect(failed).toEqual(["a"]);
    expect(hidden).toEqual({ "handle-a": seconds });
  });

  it.each([
    [0, 1_000, 60],
    [30 * 60_000, 1_000, 60],
    [30 * 60_000 + 1, 1, 1],
  ])(
    "brings a message %i ms after its first receive, at receive %i that fails, back in %i s: by then nobody should wait behind it any more",
    async (age, receives, seconds) => {
      const { hidden } = await work([record("a", undefined, receives, age)], () => Promise.reject(new Error("x")));
      expect(hidden).toEqual({ "handle-a": seconds });
    },
  );

  describe("keeping a message's visibility, which runs from its receive,", () => {
    it.each([
      ["does not extend the visibility under a function that starts in time", 1, 3_000, []],
      ["extends the visibility under a function that starts late", 1, 3_001, [65]],
      ["extends the visibility from the second receive on, as its time is not known", 2, 0, [65]],
    ])("%s", async (_, receives, age, seconds) => {
      expect((await work([record("a", undefined, receives, age)], done)).extended).toEqual(seconds);
    });

    it.each([
      [0, 45_000, []],
      [0, 45_001, [20]],
      [0, 58_000, [20]],
      [3_000, 42_000, []],
      [3_000, 42_001, [23]],
      [40_000, 44_000, [65]],
    ])(
      "after a start %i ms late and %i ms of work, extends the visibility to %j s before a reply is sent",
      async (age, worked, seconds) => {
        const { extended } = await work([record("a", undefined, 1, age)], async (_, attempt) => {
          now += worked;
          await attempt.extend();
          await attempt.extend();
          return { outcome: "done" };
        });
        expect(extended).toEqual(seconds);
      },
    );

    it.each([
      ["MessageNotInflight", "Message does not exist or is not available for visibility timeout change."],
      ["ReceiptHandleIsInvalid", "no"],
      ["InvalidParameterValue", "Reason: The receipt handle has expired."],
    ])(
      "leaves the message to whoever has it now when SQS says that the visibility is over, by %s",
      async (name, text) => {
        const worked: string[] = [];
        const refusal = Object.assign(new Error(text), { name });
        const late = record("late", undefined, 2);
        const task = async ({ job }: { job: string }, attempt: Attempt) => {
          worked.push(job);
          now += 50_000;
          await attempt.extend();
          return { outcome: "done" };
        };
        expect(await work([late, record("slow")], task, refusal)).toMatchObject({
          ...{ failed: ["late", "slow"], hidden: {}, errors: [], warned: ["job.taken", "job.taken"] },
        });
        expect(worked).toEqual(["slow"]);
      },
    );

    it("throws when the visibility can't be changed for another reason", async () => {
      const refusal = Object.assign(new Error("Must be between 0 and 43200"), { name: "InvalidParameterValue" });
      await expect(work([record("a", undefined, 2)], done, refusal)).rejects.toThrow(refusal);
    });
  });

  it("B7 lets one message that fails, or can't be read, hold up no other", async () => {
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

  it("L8 names in an error the message that it was about", async () => {
    const { errors } = await work([record("a", "{", 4)], done);
    expect(errors).toEqual([{ messageId: "a", number: 4 }]);
  });
});
