import { AwsError } from "../AwsError.ts";
import type { Spec } from "./dynalite.ts";
import type { Engine } from "./engine.ts";
import { findStream } from "./findStream.ts";
import { writeIterator } from "./shardIterator.ts";
import { parseSequenceNumber, SHARD_ID, type TableStream } from "./tableStream.ts";
import { trimmedError, trimStream } from "./trimStream.ts";
import { validate } from "./validate.ts";

const spec: Spec = {
  types: {
    StreamArn: { type: "String", notNull: true, lengthGreaterThanOrEqual: 37, lengthLessThanOrEqual: 1024 },
    ShardId: { type: "String", notNull: true, lengthGreaterThanOrEqual: 28, lengthLessThanOrEqual: 65 },
    ShardIteratorType: {
      type: "String",
      notNull: true,
      enum: ["TRIM_HORIZON", "LATEST", "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"],
    },
    SequenceNumber: { type: "String", lengthGreaterThanOrEqual: 21, lengthLessThanOrEqual: 40 },
  },
};

interface Request {
  StreamArn: string;
  ShardId: string;
  ShardIteratorType: "TRIM_HORIZON" | "LATEST" | "AT_SEQUENCE_NUMBER" | "AFTER_SEQUENCE_NUMBER";
  SequenceNumber?: string;
}

/** Answers a place in a stream to read from. */
export async function getShardIterator(engine: Engine, body: unknown): Promise<object> {
  const request = validate<Request>(spec, body);
  const stream = findStream(engine, request.StreamArn);
  if (request.ShardId !== SHARD_ID) {
    const message = `Requested resource not found: Shard: ${request.ShardId} in Stream: ${stream.arn} not found`;
    throw new AwsError("ResourceNotFoundException", message);
  }
  await trimStream(engine, stream);
  return { ShardIterator: writeIterator(stream.arn, place(stream, request)) };
}

function place(stream: TableStream, { ShardIteratorType: type, SequenceNumber }: Request): number {
  const isByNumber = type === "AT_SEQUENCE_NUMBER" || type === "AFTER_SEQUENCE_NUMBER";
  if (isByNumber !== (SequenceNumber !== undefined)) {
    const message = `SequenceNumber is ${isByNumber ? "required" : "not allowed"} for ShardIteratorType ${type}`;
    throw new AwsError("ValidationException", message);
  }
  if (type === "LATEST") return stream.last + 1;
  if (type === "TRIM_HORIZON") return stream.trimmed + 1;
  const sequence = parseSequenceNumber(SequenceNumber ?? "");
  if (sequence === undefined || sequence > stream.last) {
    throw new AwsError("ValidationException", `Invalid SequenceNumber: ${SequenceNumber} is not in this shard`);
  }
  const next = type === "AT_SEQUENCE_NUMBER" ? sequence : sequence + 1;
  if (next <= stream.trimmed) throw trimmedError();
  return next;
}
