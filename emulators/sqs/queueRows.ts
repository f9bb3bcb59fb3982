import * as v from "valibot";
import type { Message } from "./fauxqs.ts";

const nothing = v.nullable(v.number());

const fromJson = <T extends v.GenericSchema>(schema: T) =>
  v.pipe(
    v.string(),
    v.transform((text) => JSON.parse(text) as unknown),
    schema,
  );

const Strings = v.record(v.string(), v.string());

export const QueueRow = v.object({
  name: v.string(),
  arn: v.string(),
  attributes: fromJson(Strings),
  tags: fromJson(Strings),
  created: v.number(),
  modified: v.number(),
  sequence: v.number(),
});

const Content = v.object({
  body: v.string(),
  md5OfBody: v.string(),
  messageAttributes: v.record(
    v.string(),
    v.object({
      DataType: v.string(),
      StringValue: v.optional(v.string()),
      BinaryValue: v.optional(v.string()),
    }),
  ),
  md5OfMessageAttributes: v.string(),
  sentTimestamp: v.number(),
  delayUntil: v.optional(v.number()),
  messageGroupId: v.optional(v.string()),
  messageDeduplicationId: v.optional(v.string()),
  sequenceNumber: v.optional(v.string()),
  deadLetterSourceArn: v.optional(v.string()),
});

export const MessageRow = v.object({
  message_id: v.string(),
  content: fromJson(Content),
  receives: v.number(),
  first_receive: nothing,
  handle: v.nullable(v.string()),
  deadline: nothing,
});

export const DedupRow = v.object({
  id: v.string(),
  entry: fromJson(v.object({ messageId: v.string(), sequenceNumber: v.string(), at: v.number() })),
});

/** A queue as it was when the last run ended. */
export interface StoredQueue extends v.InferOutput<typeof QueueRow> {
  messages: { message: Message; handle: string | undefined; deadline: number | undefined }[];
  dedup: v.InferOutput<typeof DedupRow>[];
}
