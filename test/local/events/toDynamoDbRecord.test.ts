import { expect, it } from "vitest";
import { toDynamoDbRecord } from "../../../local/events/toDynamoDbRecord.ts";

const source = { arn: "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s", region: "us-east-1" };

it("gives a record the names, time and encodings that a function sees", () => {
  const record = toDynamoDbRecord(
    {
      eventID: "e1",
      eventName: "REMOVE",
      eventVersion: "1.1",
      userIdentity: { PrincipalId: "dynamodb.amazonaws.com", Type: "Service" },
      dynamodb: {
        ApproximateCreationDateTime: new Date(1_700_000_000_900),
        Keys: { pk: { S: "a" } },
        OldImage: {
          n: { N: "1" },
          b: { B: Uint8Array.of(1) },
          bs: { BS: [Uint8Array.of(2)] },
          l: { L: [{ BOOL: false }, { NULL: true }] },
          m: { M: { ss: { SS: ["x"] }, ns: { NS: ["1"] } } },
        },
        SequenceNumber: "100000000000000000001",
        SizeBytes: 3,
        StreamViewType: "NEW_AND_OLD_IMAGES",
      },
    },
    source,
  );

  expect(record).toEqual({
    eventID: "e1",
    eventName: "REMOVE",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: "us-east-1",
    eventSourceARN: source.arn,
    userIdentity: { principalId: "dynamodb.amazonaws.com", type: "Service" },
    dynamodb: {
      ApproximateCreationDateTime: 1_700_000_000,
      Keys: { pk: { S: "a" } },
      OldImage: {
        n: { N: "1" },
        b: { B: "AQ==" },
        bs: { BS: ["Ag=="] },
        l: { L: [{ BOOL: false }, { NULL: true }] },
        m: { M: { ss: { SS: ["x"] }, ns: { NS: ["1"] } } },
      },
      SequenceNumber: "100000000000000000001",
      SizeBytes: 3,
      StreamViewType: "NEW_AND_OLD_IMAGES",
    },
  });
});
