import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  type _Record as Record,
} from "@aws-sdk/client-dynamodb-streams";

/** The iterator of a stream's only shard. */
export async function iteratorOf(
  streams: DynamoDBStreamsClient,
  StreamArn: string,
  ShardIteratorType: "TRIM_HORIZON" | "LATEST" | "AT_SEQUENCE_NUMBER" | "AFTER_SEQUENCE_NUMBER" = "TRIM_HORIZON",
  SequenceNumber?: string,
): Promise<string> {
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType, SequenceNumber }),
  );
  return ShardIterator ?? "";
}

/** The records from an iterator on, until there are no more. */
export async function recordsFrom(streams: DynamoDBStreamsClient, iterator: string, limit = 1000): Promise<Record[]> {
  const all: Record[] = [];
  for (let next: string | undefined = iterator; next; ) {
    const page: GetRecordsCommandOutput = await streams.send(
      new GetRecordsCommand({ ShardIterator: next, Limit: limit }),
    );
    all.push(...(page.Records ?? []));
    next = page.Records?.length ? page.NextShardIterator : undefined;
  }
  return all;
}

/** All records of a stream. */
export async function readStream(streams: DynamoDBStreamsClient, arn: string): Promise<Record[]> {
  return recordsFrom(streams, await iteratorOf(streams, arn));
}
