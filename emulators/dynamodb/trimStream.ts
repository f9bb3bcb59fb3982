import { AwsError } from "../AwsError.ts";
import type { Engine } from "./engine.ts";
import { allUnder, keys } from "./keys.ts";
import type { StreamRecord } from "./streamRecord.ts";
import { parseSequenceNumber, type TableStream } from "./tableStream.ts";
import { writeBatch } from "./writeBatch.ts";

/** Seconds: "All data in DynamoDB Streams is subject to a 24-hour lifetime", Streams.html. */
const LIFE = 86_400;

const BATCH = 1000;

/** Forgets the records of a stream that are too old. */
export async function trimStream(engine: Engine, stream: TableStream): Promise<void> {
  while ((await trimSome(engine, stream)) === BATCH);
}

/** The error for a place whose records are forgotten. */
export function trimmedError(): AwsError {
  const message = "The operation attempted to read past the oldest stream record in a shard";
  return new AwsError("TrimmedDataAccessException", message);
}

async function trimSome(engine: Engine, stream: TableStream): Promise<number> {
  // Most calls end here: the first record is young enough.
  if ((await oldRecords(engine, stream, 1)).length === 0) return 0;
  return engine.alone(async () => {
    const old = await oldRecords(engine, stream, BATCH);
    const trimmed = old.at(-1);
    if (trimmed === undefined || !engine.streams.has(stream.arn)) return 0;
    await writeBatch(engine, [
      ...old.map((sequence) => ({ type: "del" as const, key: keys.record(stream.arn, sequence) })),
      { type: "put", key: keys.trimmed(stream.arn), value: trimmed },
    ]);
    stream.trimmed = trimmed;
    return old.length;
  });
}

/** The numbers of the oldest records, as far as they are too old. */
async function oldRecords(engine: Engine, stream: TableStream, limit: number): Promise<number[]> {
  const horizon = Date.now() / 1000 - LIFE;
  const old: number[] = [];
  const range = { ...allUnder(keys.record(stream.arn)), limit };
  for await (const [, { dynamodb }] of engine.db.iterator<StreamRecord>(range)) {
    const sequence = parseSequenceNumber(dynamodb.SequenceNumber);
    if (sequence === undefined || dynamodb.ApproximateCreationDateTime >= horizon) break;
    old.push(sequence);
  }
  return old;
}
