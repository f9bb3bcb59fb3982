import { type AttributeValue, DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type ShardIteratorType,
  type _Record as StreamRecord,
} from "@aws-sdk/client-dynamodb-streams";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Clock } from "../../domain/observability.ts";
import { unpackWords } from "../../domain/storedWords.ts";
import { clientDefaults } from "../../services/environment.ts";
import { CommandFailed } from "../CommandFailed.ts";
import type { Address } from "../gateway/address.ts";
import { describeChange, type TailEvent } from "./describeChange.ts";

/**
 * Between two reads of a shard, milliseconds. A shard is meant for two readers, of which the function is one, and takes five
 * reads a second: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
 */
const PAUSE = 1_000;

/** Between two looks for new shards, milliseconds. */
const LOOK = 20_000;

/**
 * What happens from now on, as the table's stream tells it, until the signal aborts. One more reader of the stream: let no
 * more than one operator tail a deployed gateway at a time.
 *
 * @throws CommandFailed when the table has no stream
 */
export async function* tailTable(
  { clients, tableName }: Pick<Address, "clients" | "tableName">,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<TailEvent> {
  const database = new DynamoDBClient({ ...clientDefaults, ...clients.dynamodb });
  const streams = new DynamoDBStreamsClient({ ...clientDefaults, ...clients.dynamodb });
  try {
    const { Table } = await database.send(new DescribeTableCommand({ TableName: tableName }));
    const arn = Table?.LatestStreamArn;
    if (!arn) throw new CommandFailed(`the table ${tableName} has no stream: deploy the stack again`);
    const shards = new Map<string, string | undefined>();
    let lookAt = 0;
    let from: ShardIteratorType = "LATEST";
    while (!signal.aborted) {
      if (clock.now() >= lookAt) {
        for (const id of await listShards(streams, arn)) {
          if (!shards.has(id)) shards.set(id, await iterator(streams, arn, id, from));
        }
        // A shard that comes later has nothing from before.
        from = "TRIM_HORIZON";
        lookAt = clock.now() + LOOK;
      }
      for (const [id, at] of shards) {
        if (at === undefined) continue;
        const { records, next } = await read(streams, at, () => iterator(streams, arn, id, "LATEST"));
        shards.set(id, next);
        for (const record of records) yield* eventsOf(record);
      }
      await clock.until(clock.now() + PAUSE);
    }
  } finally {
    database.destroy();
    streams.destroy();
  }
}

async function listShards(client: DynamoDBStreamsClient, StreamArn: string): Promise<readonly string[]> {
  const ids: string[] = [];
  let start: string | undefined;
  do {
    const { StreamDescription } = await client.send(
      new DescribeStreamCommand({ StreamArn, ...(start === undefined ? {} : { ExclusiveStartShardId: start }) }),
    );
    // Those that are closed have no news.
    for (const { ShardId, SequenceNumberRange } of StreamDescription?.Shards ?? []) {
      if (ShardId && SequenceNumberRange?.EndingSequenceNumber === undefined) ids.push(ShardId);
    }
    start = StreamDescription?.LastEvaluatedShardId;
  } while (start !== undefined);
  return ids;
}

async function iterator(
  client: DynamoDBStreamsClient,
  StreamArn: string,
  ShardId: string,
  ShardIteratorType: ShardIteratorType,
): Promise<string | undefined> {
  const { ShardIterator } = await client.send(new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType }));
  return ShardIterator;
}

async function read(client: DynamoDBStreamsClient, ShardIterator: string, anew: () => Promise<string | undefined>) {
  try {
    const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator }));
    return { records: Records, next: NextShardIterator };
  } catch (error) {
    if (!(error instanceof ExpiredIteratorException)) throw error;
    return { records: [], next: await anew() };
  }
}

function eventsOf({ dynamodb }: StreamRecord): readonly TailEvent[] {
  const { pk, sk } = dynamodb?.Keys ?? {};
  const row = (image: Record<string, AttributeValue> | undefined) => image && unpackWords(unmarshall(image));
  const change = { pk: pk?.S ?? "", sk: sk?.S ?? "", before: row(dynamodb?.OldImage), after: row(dynamodb?.NewImage) };
  return describeChange(change, dynamodb?.ApproximateCreationDateTime?.getTime() ?? 0);
}
