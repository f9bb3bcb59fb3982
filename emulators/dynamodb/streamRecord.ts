import { randomBytes } from "node:crypto";
import type { Item } from "./item.ts";
import { itemSize } from "./itemSize.ts";
import { REGION } from "./names.ts";
import { sequenceNumber, type TableStream } from "./tableStream.ts";

/** Who wrote, when it was not a client. */
export interface UserIdentity {
  PrincipalId: string;
  Type: string;
}

/** A stream record as GetRecords answers it. */
export interface StreamRecord {
  eventID: string;
  eventName: "INSERT" | "MODIFY" | "REMOVE";
  eventVersion: "1.1";
  eventSource: "aws:dynamodb";
  awsRegion: string;
  userIdentity?: UserIdentity;
  dynamodb: {
    /** Epoch seconds. */
    ApproximateCreationDateTime: number;
    Keys: Item;
    NewImage?: Item;
    OldImage?: Item;
    SequenceNumber: string;
    SizeBytes: number;
    StreamViewType: string;
  };
}

/** The record of a write that turned `before` into `after`; at least one of them is there. */
export function streamRecord(
  stream: TableStream,
  sequence: number,
  before: Item | undefined,
  after: Item | undefined,
  writer: UserIdentity | undefined,
): StreamRecord {
  const oldImage = /OLD/.test(stream.viewType) ? before : undefined;
  const newImage = /NEW/.test(stream.viewType) ? after : undefined;
  const itemKeys: Item = {};
  for (const { AttributeName } of stream.keySchema) {
    const value = (after ?? before)?.[AttributeName];
    if (value) itemKeys[AttributeName] = value;
  }
  return {
    eventID: randomBytes(16).toString("hex"),
    eventName: before ? (after ? "MODIFY" : "REMOVE") : "INSERT",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: REGION,
    ...(writer && { userIdentity: writer }),
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(Date.now() / 1000),
      Keys: itemKeys,
      ...(newImage && { NewImage: newImage }),
      ...(oldImage && { OldImage: oldImage }),
      SequenceNumber: sequenceNumber(sequence),
      SizeBytes: itemSize(itemKeys) + itemSize(newImage) + itemSize(oldImage),
      StreamViewType: stream.viewType,
    },
  };
}
