import type { Spec } from "./dynalite.ts";
import type { Engine } from "./engine.ts";
import { findStream } from "./findStream.ts";
import { SHARD_ID, sequenceNumber } from "./tableStream.ts";
import { validate } from "./validate.ts";

const spec: Spec = {
  types: {
    StreamArn: { type: "String", notNull: true, lengthGreaterThanOrEqual: 37, lengthLessThanOrEqual: 1024 },
    Limit: { type: "Integer", greaterThanOrEqual: 1, lessThanOrEqual: 100 },
    ExclusiveStartShardId: { type: "String", lengthGreaterThanOrEqual: 28, lengthLessThanOrEqual: 65 },
  },
};

/** Describes a stream and its one shard. */
export async function describeStream(engine: Engine, body: unknown): Promise<object> {
  const { StreamArn, ExclusiveStartShardId: start = "" } = validate<{
    StreamArn: string;
    ExclusiveStartShardId?: string;
  }>(spec, body);
  const stream = findStream(engine, StreamArn);
  const shard = {
    ShardId: SHARD_ID,
    SequenceNumberRange: { StartingSequenceNumber: sequenceNumber(1) },
  };
  return {
    StreamDescription: {
      StreamArn: stream.arn,
      StreamLabel: stream.label,
      StreamStatus: "ENABLED",
      StreamViewType: stream.viewType,
      CreationRequestDateTime: stream.created,
      TableName: stream.table,
      KeySchema: stream.keySchema,
      Shards: SHARD_ID > start ? [shard] : [],
    },
  };
}
