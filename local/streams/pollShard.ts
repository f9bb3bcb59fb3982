import {
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type ShardIteratorType,
  type _Record as StreamRecord,
  TrimmedDataAccessException,
} from "@aws-sdk/client-dynamodb-streams";
import { matchesFilter } from "../events/matchesFilter.ts";
import { toDynamoDbRecord } from "../events/toDynamoDbRecord.ts";
import { collectBatch } from "../mappings/collectBatch.ts";
import { pause } from "../pause.ts";
import { deliverBatch } from "./deliverBatch.ts";
import type { StreamPollerOptions } from "./pollStream.ts";
import { toFailureMessage } from "./toFailureMessage.ts";

/** Lambda reads a shard four times a second: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
const POLL_MS = 250;

/** Milliseconds before the next try when the stream does not answer. */
const RETRY_MS = 1000;

/** Reads one shard from its checkpoint until it is closed or the signal aborts, and hands the records on. */
export async function pollShard(options: StreamPollerOptions, shardId: string, signal: AbortSignal): Promise<void> {
  let iterator: string | undefined;
  while (!signal.aborted) {
    try {
      iterator ??= await open(options, shardId, signal);
      const reader = { iterator };
      const records = await collectBatch(options.mapping, (most) => read(options, reader, most, signal));
      if (records.length > 0) await deliver(options, shardId, records, signal);
      if (reader.iterator === undefined) return;
      iterator = reader.iterator;
      if (records.length < options.mapping.BatchSize) await pause(POLL_MS, signal);
    } catch (error) {
      if (signal.aborted) return;
      // A new iterator starts at the checkpoint: what was read and not delivered is read again.
      iterator = undefined;
      if (error instanceof ExpiredIteratorException) continue;
      // The checkpoint is older than the 24 hours that a stream keeps; the sweep finds what was lost with them.
      if (error instanceof TrimmedDataAccessException) options.checkpoints.delete(position(options), shardId);
      options.onError(error);
      await pause(RETRY_MS, signal);
    }
  }
}

/** Positions are of one stream: a table that was made anew has another. */
function position({ id, arn }: StreamPollerOptions): string {
  return `${id} ${arn}`;
}

async function open(options: StreamPollerOptions, shardId: string, signal: AbortSignal): Promise<string | undefined> {
  const after = options.checkpoints.get(position(options), shardId);
  const type: ShardIteratorType =
    after === undefined ? (options.mapping.StartingPosition ?? "TRIM_HORIZON") : "AFTER_SEQUENCE_NUMBER";
  const command = new GetShardIteratorCommand({
    StreamArn: options.arn,
    ShardId: shardId,
    ShardIteratorType: type,
    SequenceNumber: after,
  });
  return (await options.client.send(command, { abortSignal: signal })).ShardIterator;
}

async function read(
  { client }: StreamPollerOptions,
  reader: { iterator: string | undefined },
  most: number,
  signal: AbortSignal,
): Promise<readonly StreamRecord[]> {
  if (reader.iterator === undefined) return [];
  const command = new GetRecordsCommand({ ShardIterator: reader.iterator, Limit: most });
  const { Records: records = [], NextShardIterator: next } = await client.send(command, { abortSignal: signal });
  reader.iterator = next;
  return records;
}

async function deliver(
  options: StreamPollerOptions,
  shardId: string,
  records: readonly StreamRecord[],
  signal: AbortSignal,
): Promise<void> {
  const checkpoint = (sequenceNumber: string) => options.checkpoints.set(position(options), shardId, sequenceNumber);
  const patterns = options.mapping.FilterCriteria?.Filters.map(({ Pattern }): unknown => JSON.parse(Pattern));
  const wanted = records
    .map((record) => toDynamoDbRecord(record, options))
    .filter((record) => patterns?.some((pattern) => matchesFilter(pattern, record)) ?? true);
  let complete = true;
  await deliverBatch(wanted, {
    mapping: options.mapping,
    invoke: options.invoke,
    checkpoint,
    giveUp: async (lost, attempts, error) => {
      const { arn: streamArn, functionArn } = options;
      const threw = error !== undefined;
      await options.sendFailure?.(
        toFailureMessage({ records: lost, attempts, functionArn, streamArn, shardId, threw, now: Date.now() }),
      );
    },
    onError: options.onError,
    wait: (ms) => pause(ms, signal),
    stopping: () => {
      if (signal.aborted) complete = false;
      return signal.aborted;
    },
  });
  const last = records.at(-1)?.dynamodb?.SequenceNumber;
  // What the filter kept out after the last wanted record is done with too.
  if (complete && last !== undefined) checkpoint(last);
}
