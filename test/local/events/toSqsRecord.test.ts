import { expect, it } from "vitest";
import { toSqsRecord } from "../../../local/events/toSqsRecord.ts";

const source = { arn: "arn:aws:sqs:us-east-1:000000000000:inbound.fifo", region: "us-east-1" };

it("gives a message the names that a function sees", () => {
  const record = toSqsRecord(
    {
      MessageId: "m1",
      ReceiptHandle: "handle",
      Body: "{}",
      MD5OfBody: "md5",
      Attributes: { ApproximateReceiveCount: "2", SentTimestamp: "1", MessageGroupId: "g", SequenceNumber: "7" },
      MessageAttributes: {
        kind: { DataType: "String", StringValue: "job" },
        raw: { DataType: "Binary", BinaryValue: Uint8Array.of(1, 2) },
      },
    },
    source,
  );

  expect(record).toEqual({
    messageId: "m1",
    receiptHandle: "handle",
    body: "{}",
    md5OfBody: "md5",
    attributes: {
      ApproximateReceiveCount: "2",
      SentTimestamp: "1",
      SenderId: "",
      ApproximateFirstReceiveTimestamp: "0",
      MessageGroupId: "g",
      SequenceNumber: "7",
    },
    messageAttributes: {
      kind: { dataType: "String", stringValue: "job", stringListValues: [], binaryListValues: [] },
      raw: { dataType: "Binary", binaryValue: "AQI=", stringListValues: [], binaryListValues: [] },
    },
    eventSource: "aws:sqs",
    eventSourceARN: source.arn,
    awsRegion: "us-east-1",
  });
});
