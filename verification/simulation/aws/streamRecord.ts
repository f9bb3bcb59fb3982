import { marshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import type { TableChange } from "./ModelTable.ts";

/**
 * The record by which the table's stream tells of a write.
 *
 * @param number its place in the stream
 * @param now milliseconds since the epoch; the record has whole seconds, rounded down
 */
export function streamRecord(
  { pk, sk, before, after, expired }: TableChange,
  number: number,
  now: number,
): DynamoDBRecord {
  return {
    eventName: !before ? "INSERT" : after ? "MODIFY" : "REMOVE",
    dynamodb: {
      Keys: { pk: { S: pk }, sk: { S: sk } },
      ...(before ? { OldImage: image(before) } : {}),
      ...(after ? { NewImage: image(after) } : {}),
      SequenceNumber: String(number).padStart(12, "0"),
      ApproximateCreationDateTime: Math.floor(now / 1000),
      StreamViewType: "NEW_AND_OLD_IMAGES",
    },
    ...(expired ? { userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" } } : {}),
  };
}

function image(item: Readonly<Record<string, unknown>>) {
  // The SDK's type of attribute values differs from the event's only in how it spells "one of".
  return marshall(item) as NonNullable<NonNullable<DynamoDBRecord["dynamodb"]>["OldImage"]>;
}
