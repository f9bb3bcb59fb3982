import type { _Record as StreamRecord, AttributeValue as StreamValue } from "@aws-sdk/client-dynamodb-streams";
import type { AttributeValue, DynamoDBRecord } from "aws-lambda";

/**
 * A stream record as Lambda hands it to a function. It differs from what the SDK returns: `userIdentity` has lower-case
 * names, the time is in epoch seconds, and binary is base64.
 *
 * @param record as `GetRecords` returned it
 * @param source the stream's ARN and region
 */
export function toDynamoDbRecord(
  record: StreamRecord,
  source: { readonly arn: string; readonly region: string },
): DynamoDBRecord {
  const { dynamodb = {}, userIdentity } = record;
  const created = dynamodb.ApproximateCreationDateTime;
  return {
    eventID: record.eventID,
    eventName: record.eventName,
    eventVersion: record.eventVersion ?? "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: source.region,
    dynamodb: {
      ...(created === undefined ? {} : { ApproximateCreationDateTime: Math.floor(created.getTime() / 1000) }),
      ...(dynamodb.Keys === undefined ? {} : { Keys: toItem(dynamodb.Keys) }),
      ...(dynamodb.NewImage === undefined ? {} : { NewImage: toItem(dynamodb.NewImage) }),
      ...(dynamodb.OldImage === undefined ? {} : { OldImage: toItem(dynamodb.OldImage) }),
      SequenceNumber: dynamodb.SequenceNumber,
      SizeBytes: dynamodb.SizeBytes,
      StreamViewType: dynamodb.StreamViewType,
    },
    eventSourceARN: source.arn,
    ...(userIdentity === undefined
      ? {}
      : { userIdentity: { principalId: userIdentity.PrincipalId, type: userIdentity.Type } }),
  };
}

function toItem(item: Readonly<Record<string, StreamValue>>): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, toValue(value)]));
}

function toValue(value: StreamValue): AttributeValue {
  if (value.S !== undefined) return { S: value.S };
  if (value.N !== undefined) return { N: value.N };
  if (value.BOOL !== undefined) return { BOOL: value.BOOL };
  if (value.B !== undefined) return { B: base64(value.B) };
  if (value.M !== undefined) return { M: toItem(value.M) };
  if (value.L !== undefined) return { L: value.L.map(toValue) };
  if (value.SS !== undefined) return { SS: value.SS };
  if (value.NS !== undefined) return { NS: value.NS };
  if (value.BS !== undefined) return { BS: value.BS.map(base64) };
  return { NULL: true };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
