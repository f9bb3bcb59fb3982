import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { matchesFilter } from "../../local/events/matchesFilter.ts";
import type { TableChange } from "./aws/ModelTable.ts";
import { streamRecord } from "./aws/streamRecord.ts";
import type { Surroundings } from "./Invocation.ts";
import type { Ended } from "./QueueSource.ts";

/** How a stream is read; times in seconds. */
export interface StreamSettings {
  readonly filters: readonly unknown[];
  /** -1: no limit. */
  readonly retryAttempts: number;
  readonly bisectBatchOnError: boolean;
  readonly maxRecordAge: number;
  readonly batchSize: number;
  /** Batches that run at once; the table has one shard. */
  readonly parallelizationFactor: number;
}

interface Waiting {
  readonly record: DynamoDBRecord;
  readonly at: number;
  attempts: number;
}

/** What one batch at a time is taken of: the records of a part of all partitions, in order. */
interface Lane {
  readonly waiting: Waiting[];
  /** What is left of a batch that failed; it comes again before anything else of the lane. */
  readonly parts: Waiting[][];
  isBusy: boolean;
}

/** A stream drops what is older, milliseconds. */
const TRIMMED = 24 * 3_600_000;

/**
 * The table's stream as Lambda's event source: one shard, whose partitions are divided between as many lanes as there may
 * be batches at once. A lane stands still while a batch of it fails: that comes again from the first record on that failed,
 * in halves when all of it did, until its retries are used up or it is too old.
 */
export class StreamSource {
  /** Sessions whose end's record no code can read. */
  readonly spoiled = new Set<string>();
  private readonly lanes: readonly Lane[];
  private paused = false;
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
    const lane = () => ({ waiting: [], parts: [], isBusy: false });
    this.lanes = Array.from({ length: settings.parallelizationFactor }, lane);
  }

  take(change: TableChange): void {
    // Turns and rows can't match: building their records would be most of the work.
    if (change.sk !== "LIVE") return;
    const { faults, random, timeline } = this.surroundings;
    const record = streamRecord(change, ++this.count, timeline.now);
    if (!this.settings.filters.some((filter) => matchesFilter(filter, record))) return;
    if (faults.happens("recordSpoiled")) {
      this.spoiled.add(String(change.before?.session));
      record.dynamodb = { ...record.dynamodb, OldImage: { ...record.dynamodb?.OldImage, lease: { S: "spoiled" } } };
    }
    const lane = this.lanes[hash(change.pk) % this.lanes.length];
    lane?.waiting.push({ record, at: timeline.now, attempts: 0 });
    this.lookIn(faults.happens("streamLate") ? faults.degree("streamLate") * 600_000 : random.whole(20, 400), lane);
  }

  /** The event source is off, or on again. */
  pause(paused: boolean): void {
    this.paused = paused;
    if (!paused) for (const lane of this.lanes) this.lookIn(0, lane);
  }

  private lookIn(milliseconds: number, lane: Lane | undefined): void {
    if (lane) this.surroundings.timeline.after(milliseconds, () => this.look(lane));
  }

  private look(lane: Lane): void {
    if (this.paused || lane.isBusy) return;
    const part = lane.parts.shift() ?? lane.waiting.splice(0, this.settings.batchSize);
    const batch = part.filter((one) => !this.isOver(one));
    if (batch.length === 0) {
      if (part.length > 0) this.lookIn(0, lane);
      return;
    }
    lane.isBusy = true;
    this.invoke({ Records: batch.map(({ record }) => record) }, (ended) => {
      lane.isBusy = false;
      this.finish(lane, batch, ended);
    });
  }

  private isOver({ at, attempts }: Waiting): boolean {
    const { maxRecordAge, retryAttempts } = this.settings;
    const isOld = this.surroundings.timeline.now - at > Math.min(TRIMMED, maxRecordAge * 1000);
    return isOld || (retryAttempts >= 0 && attempts > retryAttempts);
  }

  private finish(lane: Lane, batch: Waiting[], ended: Ended<DynamoDBBatchResponse | undefined>): void {
    const { faults, random } = this.surroundings;
    const failed = new Set(ended?.result?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const first = ended ? batch.findIndex(({ record }) => failed.has(record.dynamodb?.SequenceNumber ?? "")) : 0;
    const rest = first >= 0 ? batch.slice(first) : faults.happens("streamRepeated") ? batch : [];
    if (rest.length === 0) {
      this.lookIn(0, lane);
      return;
    }
    const middle =
      rest.length === batch.length && this.settings.bisectBatchOnError ? Math.ceil(rest.length / 2) : rest.length;
    lane.parts.unshift(...[rest.slice(0, middle), rest.slice(middle)].filter(({ length }) => length > 0));
    for (const one of rest) one.attempts++;
    this.lookIn(random.whole(200, 5_000), lane);
  }
}

/** Spreads partitions over lanes. */
function hash(text: string): number {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return sum;
}
