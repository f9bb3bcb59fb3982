import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { matchesFilter } from "../local/events/matchesFilter.ts";
import type { TableChange } from "./aws/ModelTable.ts";
import { streamRecord } from "./aws/streamRecord.ts";
import type { Surroundings } from "./Invocation.ts";
import type { Ended } from "./QueueSource.ts";

/** How a stream is read; times in seconds. */
export interface StreamSettings {
  readonly filters: readonly unknown[];
  readonly retryAttempts: number;
  readonly maxRecordAge: number;
  readonly batchSize: number;
  /** Batches that run at once; the table has one shard. */
  readonly parallelizationFactor: number;
}

interface Waiting {
  readonly record: DynamoDBRecord;
  readonly pk: string;
  readonly at: number;
  attempts: number;
}

/** A stream drops what is older, milliseconds. */
const TRIMMED = 24 * 3_600_000;

/**
 * The table's stream as Lambda's event source. What is written to one item comes in its order; batches of different
 * partitions run side by side. What fails comes again with all that was behind it, until its retries are used up.
 */
export class StreamSource {
  /** Records that were given up. */
  lost = 0;
  private readonly waiting: Waiting[] = [];
  private readonly busy = new Set<string>();
  private paused = false;
  private running = 0;
  private count = 0;
  private readonly surroundings: Surroundings;
  private readonly settings: StreamSettings;
  private readonly invoke: (
    event: DynamoDBStreamEvent,
    done: (ended: Ended<DynamoDBBatchResponse | undefined>) => void,
  ) => void;

  constructor(
    surroundings: Surroundings,
    settings: StreamSettings,
    invoke: (event: DynamoDBStreamEvent, done: (ended: Ended<DynamoDBBatchResponse | undefined>) => void) => void,
  ) {
    this.surroundings = surroundings;
    this.settings = settings;
    this.invoke = invoke;
  }

  take(change: TableChange): void {
    // Turns and rows can't match: building their records would be most of the work.
    if (change.sk !== "LIVE") return;
    const record = streamRecord(change, ++this.count, this.surroundings.timeline.now);
    if (!this.settings.filters.some((filter) => matchesFilter(filter, record))) return;
    this.waiting.push({ record, pk: change.pk, at: this.surroundings.timeline.now, attempts: 0 });
    const { faults, random } = this.surroundings;
    this.lookIn(faults.happens("streamLate") ? faults.degree("streamLate") * 600_000 : random.whole(20, 400));
  }

  /** The event source is off, or on again. */
  pause(paused: boolean): void {
    this.paused = paused;
    if (!paused) this.lookIn(0);
  }

  private lookIn(milliseconds: number): void {
    this.surroundings.timeline.after(milliseconds, () => this.look());
  }

  private look(): void {
    if (this.paused || this.running >= this.settings.parallelizationFactor) return;
    const { now } = this.surroundings.timeline;
    const ready: Waiting[] = [];
    for (const one of [...this.waiting]) {
      const limit = Math.min(TRIMMED, this.settings.maxRecordAge * 1000);
      if (now - one.at > limit || one.attempts > this.settings.retryAttempts) {
        this.lost++;
        this.drop(one);
      } else if (!this.busy.has(one.pk) && ready.length < this.settings.batchSize) ready.push(one);
    }
    if (ready.length === 0) return;
    const lanes = new Set(ready.map(({ pk }) => pk));
    for (const pk of lanes) this.busy.add(pk);
    this.running++;
    this.invoke({ Records: ready.map(({ record }) => record) }, (ended) => {
      this.running--;
      for (const pk of lanes) this.busy.delete(pk);
      this.finish(ready, ended);
    });
  }

  private finish(batch: readonly Waiting[], ended: Ended<DynamoDBBatchResponse | undefined>): void {
    const { faults, random } = this.surroundings;
    const failed = new Set(ended?.result?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const first = ended ? batch.findIndex(({ record }) => failed.has(record.dynamodb?.SequenceNumber ?? "")) : 0;
    const repeated = first < 0 && faults.happens("streamRepeated");
    const done = repeated ? [] : first < 0 ? batch : batch.slice(0, first);
    for (const one of done) this.drop(one);
    for (const one of batch) if (!done.includes(one)) one.attempts++;
    this.lookIn(done.length === batch.length ? 0 : random.whole(200, 5_000));
  }

  private drop(one: Waiting): void {
    const at = this.waiting.indexOf(one);
    if (at >= 0) this.waiting.splice(at, 1);
  }
}
