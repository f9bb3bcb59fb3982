import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";
import type { DynamoDBBatchResponse, DynamoDBRecord } from "aws-lambda";
import { parseSequenceNumber } from "../../emulators/dynamodb/tableStream.ts";
import { matchesFilter } from "../../local/events/matchesFilter.ts";
import { toDynamoDbRecord } from "../../local/events/toDynamoDbRecord.ts";

/** The table's stream as an event source that a test steps: reads on, filters, and keeps what failed for the next step. */
export class StreamSource {
  private readonly client: DynamoDBStreamsClient;
  private readonly arn: string;
  private readonly filters: readonly unknown[];
  private readonly retries: number;
  private readonly lastRecord: () => number;
  /** The last record that is known to have been read, by `lastRecord`. */
  private readTo = -1;
  /** How often records failed, by their sequence numbers. */
  private readonly failures = new Map<string, number>();
  private after: string | undefined;
  private next: string | undefined;
  private waiting: DynamoDBRecord[] = [];

  /**
   * @param retries after how many of them a record is given up; -1: never
   * @param lastRecord tells without a request how far the stream is; most steps find nothing new
   */
  constructor(endpoint: string, arn: string, filters: readonly unknown[], retries = -1, lastRecord = () => Number.NaN) {
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    this.client = new DynamoDBStreamsClient({ region: "us-east-1", credentials, endpoint });
    this.arn = arn;
    this.filters = filters;
    this.retries = retries;
    this.lastRecord = lastRecord;
  }

  /** Gives the function what is waiting. What it reports as failed, or all when it is killed, waits again. */
  async step(
    invoke: (event: { Records: DynamoDBRecord[] }) => Promise<DynamoDBBatchResponse | undefined>,
  ): Promise<boolean> {
    await this.read();
    if (this.waiting.length === 0) return false;
    const batch = this.waiting;
    const { batchItemFailures = [] } = (await invoke({ Records: batch })) ?? {};
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    // As on AWS: from the first failure on, everything comes again.
    const first = batch.findIndex(({ dynamodb }) => failed.has(dynamodb?.SequenceNumber ?? ""));
    this.waiting = first < 0 ? [] : batch.slice(first).filter((record) => !this.isGivenUp(record));
    return first < 0;
  }

  private isGivenUp({ dynamodb }: DynamoDBRecord): boolean {
    const number = dynamodb?.SequenceNumber ?? "";
    const failures = (this.failures.get(number) ?? 0) + 1;
    this.failures.set(number, failures);
    return this.retries >= 0 && failures > this.retries;
  }

  /** The stream's records up to now are lost, as after 24 hours without a working function. */
  async drop(): Promise<void> {
    await this.read();
    this.waiting = [];
  }

  /** The records up to now come again, as a batch does whose function succeeded but was not heard. */
  async repeat(): Promise<void> {
    this.after = undefined;
    this.next = undefined;
    this.readTo = -1;
    await this.read();
  }

  private async read(): Promise<void> {
    const last = this.lastRecord();
    if (last === this.readTo) return;
    this.next ??= await this.place();
    while (this.next) {
      const { Records = [], NextShardIterator } = await this.recordsAt(this.next);
      this.next = NextShardIterator;
      const records = Records.map((record) => toDynamoDbRecord(record, { arn: this.arn, region: "us-east-1" }));
      this.waiting.push(...records.filter((record) => this.filters.some((filter) => matchesFilter(filter, record))));
      this.after = records.at(-1)?.dynamodb?.SequenceNumber ?? this.after;
      if (Records.length === 0 || parseSequenceNumber(this.after ?? "") === last) break;
    }
    this.readTo = last;
  }

  private async recordsAt(place: string) {
    try {
      return await this.client.send(new GetRecordsCommand({ ShardIterator: place }));
    } catch (error) {
      // After a quarter of an hour, by the clock that tests move.
      if (!(error instanceof ExpiredIteratorException)) throw error;
      return this.client.send(new GetRecordsCommand({ ShardIterator: await this.place() }));
    }
  }

  /** Where to read on in the stream's shard: it has one, as these tables are small. */
  private async place(): Promise<string | undefined> {
    const { StreamDescription } = await this.client.send(new DescribeStreamCommand({ StreamArn: this.arn }));
    const [shard] = StreamDescription?.Shards ?? [];
    if (!shard) return undefined;
    const { ShardIterator } = await this.client.send(
      new GetShardIteratorCommand({
        StreamArn: this.arn,
        ShardId: shard.ShardId,
        ...(this.after === undefined
          ? { ShardIteratorType: "TRIM_HORIZON" }
          : { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: this.after }),
      }),
    );
    return ShardIterator;
  }
}
