import type { DynamoDBRecord } from "aws-lambda";
import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { mappingSpec } from "../../../local/mappings/mappingSpec.ts";
import { deliverBatch } from "../../../local/streams/deliverBatch.ts";

const four = ["1", "2", "3", "4"].map((SequenceNumber): DynamoDBRecord => ({ dynamodb: { SequenceNumber } }));

/** A record that was made so many seconds ago. */
const aged = (SequenceNumber: string, seconds: number): DynamoDBRecord => ({
  dynamodb: { SequenceNumber, ApproximateCreationDateTime: Date.now() / 1000 - seconds },
});

/** Delivers records, four if no others are given, to a function and writes down what happens. */
async function deliver(
  settings: Readonly<Record<string, unknown>>,
  invoke: (ids: readonly string[], call: number) => unknown,
  stopping: () => boolean = () => false,
  records = four,
) {
  const log: string[] = [];
  let calls = 0;
  const ids = (some: readonly DynamoDBRecord[]) => some.map(({ dynamodb }) => dynamodb?.SequenceNumber ?? "");
  await deliverBatch(records, {
    mapping: v.parse(mappingSpec, {
      EventSourceArn: "arn",
      FunctionName: "f",
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ...settings,
    }),
    invoke: async (event) => {
      const { Records: given } = event as { Records: DynamoDBRecord[] };
      log.push(`call ${ids(given)}`);
      calls += 1;
      return invoke(ids(given), calls);
    },
    checkpoint: (sequenceNumber) => log.push(`done ${sequenceNumber}`),
    giveUp: async (lost, attempts) => {
      log.push(`lost ${ids(lost)} after ${attempts}`);
    },
    onError: () => undefined,
    wait: async (ms) => {
      log.push(`wait ${ms}`);
    },
    stopping,
  });
  return log;
}

const failing = (...ids: string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });
const thrower = (poison: string) => (given: readonly string[]) => {
  if (given.includes(poison)) throw new Error("on purpose");
  return failing();
};

beforeEach(() => vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => vi.useRealTimers());

describe("deliverBatch", () => {
  it("is done after one success", async () => {
    expect(await deliver({}, () => failing())).toEqual(["call 1,2,3,4", "done 4"]);
  });

  it("goes on at the first record that was reported, keeping what came before", async () => {
    expect(await deliver({}, (_ids, call) => (call === 1 ? failing("4", "3") : failing()))).toEqual([
      "call 1,2,3,4",
      "done 2",
      "wait 100",
      "call 3,4",
      "done 4",
    ]);
  });

  it("halves a failed batch until the poison is alone, gives only that up, and goes on after it", async () => {
    const log = await deliver({ BisectBatchOnFunctionError: true, MaximumRetryAttempts: 1 }, thrower("3"));

    expect(log).toEqual([
      "call 1,2,3,4",
      "call 1,2",
      "done 2",
      "call 3,4",
      "call 3",
      "wait 100",
      "call 3",
      "lost 3 after 2",
      "done 3",
      "call 4",
      "done 4",
    ]);
  });

  it("without halving, gives up the whole batch after its retries", async () => {
    expect(await deliver({ MaximumRetryAttempts: 1 }, thrower("3"))).toEqual([
      "call 1,2,3,4",
      "wait 100",
      "call 1,2,3,4",
      "lost 1,2,3,4 after 2",
      "done 4",
    ]);
  });

  it("tries for ever when no limit is set", async () => {
    const log = await deliver({}, (_ids, call) => (call < 20 ? failing("1") : failing()));

    expect(log.at(-1)).toBe("done 4");
    expect(log.filter((line) => line.startsWith("call"))).toHaveLength(20);
    expect(log).toContain("wait 10000");
  });

  it("takes a report of a record that was not in the batch as a failure of all of it", async () => {
    expect(await deliver({ MaximumRetryAttempts: 0 }, () => failing("9"))).toContain("lost 1,2,3,4 after 1");
  });

  it("gives up what was too old before it was first tried, and delivers the rest", async () => {
    const old = ["1", "2"].map((id) => aged(id, 61));
    const fresh = ["3", "4"].map((id) => aged(id, 59));

    expect(await deliver({ MaximumRecordAgeInSeconds: 60 }, () => failing(), undefined, [...old, ...fresh])).toEqual([
      "lost 1,2 after 0",
      "done 2",
      "call 3,4",
      "done 4",
    ]);
    expect(await deliver({ MaximumRecordAgeInSeconds: -1 }, () => failing(), undefined, old)).toEqual([
      "call 1,2",
      "done 2",
    ]);
  });

  it("gives up what grows too old while it is tried again", async () => {
    const records = [aged("1", 59.5), aged("2", 0)];
    const late = async (ids: readonly string[]) => {
      if (!ids.includes("1")) return failing();
      vi.setSystemTime(Date.now() + 1_000);
      return failing("1");
    };

    expect(await deliver({ MaximumRecordAgeInSeconds: 60 }, late, undefined, records)).toEqual([
      "call 1,2",
      "wait 100",
      "lost 1 after 1",
      "done 1",
      "call 2",
      "done 2",
    ]);
  });

  it("gives nothing up because the runner stops: the next start has it again", async () => {
    let stopping = false;
    const cutOff = () => {
      stopping = true;
      throw new Error("cut off");
    };

    expect(await deliver({ MaximumRetryAttempts: 0 }, cutOff, () => stopping)).toEqual(["call 1,2,3,4"]);
  });
});
