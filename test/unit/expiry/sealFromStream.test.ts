import { ProvisionedThroughputExceededException } from "@aws-sdk/client-dynamodb";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { sealFromStream } from "../../../lib/expiry/sealFromStream.ts";
import { NoSessionEndQueue } from "../../../lib/queues/sessionEndQueues.ts";
import { NewerVersion } from "../../../lib/store/versions.ts";
import { createStepHarness } from "../../../verification/mutation/createStepHarness.ts";
import { serviceError } from "../../../verification/simulation/aws/serviceError.ts";
import { NOW } from "../message/conversations.ts";

const MINUTE = 60_000;

const queue = { client: {} as SQSClient, url: "none" };

const image = {
  ...{ v: { N: "1" }, session: { S: "S1" }, origin: { S: "chat" }, startedBy: { S: "t" } },
  ...{ startedAt: { N: "0" }, lastActivityAt: { N: "0" } },
  lease: { M: { id: { S: "l" }, turn: { S: "t" }, until: { N: "0" }, attempt: { N: "1" } } },
};

describe("sealFromStream", () => {
  /** Whether it is to be repeated, `age` milliseconds after it was written; what was logged is as that says. */
  const isRepeated = async (error: unknown, age: number) => {
    const bench = createStepHarness(NOW);
    bench.instead = () => Promise.reject(error);
    const dynamodb = {
      Keys: { pk: { S: "CONV#c" }, sk: { S: "LIVE" } },
      OldImage: image,
      SequenceNumber: "1",
      ApproximateCreationDateTime: (NOW - age) / 1000,
    };
    const failed = await sealFromStream(bench.services, new Map([["crm", queue]]), [{ dynamodb }]);
    const event = failed.length > 0 ? "seal.failed" : "seal.setAside";
    expect(bench.logged).toEqual([{ event, record: "1", error }]);
    return failed.length > 0;
  };

  it.each([
    ["a newer version", new NewerVersion(2, 1)],
    ["a bug", new TypeError("x is undefined")],
    ["a request that DynamoDB does not take", serviceError("ValidationException", "item size")],
  ])(
    "repeats a record that fails by its own fault, such as %s, for four minutes and no longer",
    async (_what, error) => {
      expect(await isRepeated(error, 4 * MINUTE)).toBe(true);
      expect(await isRepeated(error, 4 * MINUTE + 1)).toBe(false);
    },
  );

  it.each([
    ["a stack without providers", new NoSessionEndQueue("crm")],
    ["throttling", new ProvisionedThroughputExceededException({ message: "slow down", $metadata: {} })],
    ["a service's outage", serviceError("InternalServerError", "sorry", { $fault: "server" })],
    ["missing rights", serviceError("AccessDeniedException", "no")],
    ["a silent service", Object.assign(new Error("no answer"), { name: "TimeoutError" })],
    ["a broken connection", Object.assign(new Error("reset"), { code: "ECONNRESET" })],
  ])("repeats a record that fails by %s for as long as the event source does", async (_what, error) => {
    expect(await isRepeated(error, 22 * 60 * MINUTE)).toBe(true);
  });
});
