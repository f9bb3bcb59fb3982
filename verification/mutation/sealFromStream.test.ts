import { marshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import { beforeEach, describe, expect, it } from "vitest";
import { sealFromStream } from "../../lib/expiry/sealFromStream.ts";
import type { SessionEndQueues } from "../../lib/queues/sessionEndQueues.ts";
import { conversationItem } from "../../lib/store/keys.ts";
import type { StepHarness } from "./createStepHarness.ts";
import { createSealingHarness, NOW, ROW, SESSION } from "./sealingHarness.ts";

describe("a stream record", () => {
  let harness: StepHarness;
  let queues: SessionEndQueues;
  beforeEach(() => {
    ({ harness, queues } = createSealingHarness(() => {}));
  });

  const lease = { id: "a", turn: "TURN#1", until: 0 };
  const old = {
    ...{ v: 1, session: "S1", startedAt: NOW, startedBy: "x", lastActivityAt: NOW, origin: "chat" },
    lease,
  };
  const record = (session: string | undefined, number?: string, was: object = old): DynamoDBRecord => ({
    dynamodb: {
      Keys: { pk: { S: conversationItem("c").pk }, sk: { S: "LIVE" } },
      OldImage: marshall(was) as never,
      ...(session === undefined ? {} : { NewImage: marshall({ ...old, session }) as never }),
      ...(number === undefined ? {} : { SequenceNumber: number }),
      ApproximateCreationDateTime: NOW / 1000,
    },
  });

  it("is sealed where it tells an end, and does nothing where it tells none", async () => {
    harness.put({ ...ROW, ...SESSION });
    expect(await sealFromStream(harness.services, queues, [record("S1", "1"), record(undefined, "2")])).toEqual([]);
    expect(harness.peek(ROW)).toMatchObject({ status: "ended", reason: "api" });
    expect(harness.logged).toMatchObject([{ event: "session.sealed" }]);
  });

  it("is reported when it fails, and the others go on", async () => {
    harness.put({ ...ROW, ...SESSION });
    const records = [record(undefined, "1", { v: 1 }), record(undefined, "2"), record(undefined, undefined, { v: 1 })];
    expect((await sealFromStream(harness.services, queues, records)).toSorted()).toEqual(["", "1"]);
    expect(harness.peek(ROW)).toMatchObject({ status: "ended" });
    expect(harness.logged).toContainEqual({ event: "seal.failed", record: "1", error: expect.any(Error) });
  });
});
