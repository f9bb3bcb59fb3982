import type { Spec } from "./dynalite.ts";
import type { Engine } from "./engine.ts";
import { findStream } from "./findStream.ts";
import { allUnder, keys } from "./keys.ts";
import { readIterator, writeIterator } from "./shardIterator.ts";
import type { StreamRecord } from "./streamRecord.ts";
import { trimmedError, trimStream } from "./trimStream.ts";
import { validate } from "./validate.ts";

const spec: Spec = {
  types: {
    ShardIterator: { type: "String", notNull: true, lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 2048 },
    Limit: { type: "Integer", greaterThanOrEqual: 1, lessThanOrEqual: 1000 },
  },
};

/** Bytes of records: "GetRecords can retrieve a maximum of 1 MB of data or 1000 stream records". */
const MAX_BYTES = 1024 * 1024;

/** Answers the records from an iterator's place on, and the place after them. */
export async function getRecords(engine: Engine, body: unknown): Promise<object> {
  const { ShardIterator, Limit = 1000 } = validate<{ ShardIterator: string; Limit?: number }>(spec, body);
  const iterator = readIterator(ShardIterator);
  const stream = findStream(engine, iterator.arn);
  await trimStream(engine, stream);
  if (iterator.next <= stream.trimmed) throw trimmedError();
  const records: StreamRecord[] = [];
  let size = 0;
  const range = { ...allUnder(keys.record(stream.arn)), gte: keys.record(stream.arn, iterator.next), limit: Limit };
  for await (const [, record] of engine.db.iterator<StreamRecord>(range)) {
    size += record.dynamodb.SizeBytes;
    if (records.length > 0 && size > MAX_BYTES) break;
    records.push(record);
  }
  const next = iterator.next + records.length;
  return { Records: records, NextShardIterator: writeIterator(stream.arn, next) };
}
