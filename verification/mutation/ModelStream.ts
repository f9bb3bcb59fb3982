import type { DynamoDBBatchResponse, DynamoDBRecord } from "aws-lambda";
import { wiring } from "../../cdk/wiring.ts";
import { matchesFilter } from "../../local/events/matchesFilter.ts";
import type { ModelTable } from "../simulation/aws/ModelTable.ts";
import { streamRecord } from "../simulation/aws/streamRecord.ts";

/** The stream of a table in memory as an event source that a test steps. */
export class ModelStream {
  private readonly all: DynamoDBRecord[] = [];
  private waiting: DynamoDBRecord[] = [];

  constructor(table: ModelTable) {
    table.onChange((change) => {
      const record = streamRecord(change, this.all.length + 1, Date.now());
      if (!wiring.stream.filters.some((filter) => matchesFilter(filter, record))) return;
      this.all.push(record);
      this.waiting.push(record);
    });
  }

  /** Gives the function what is waiting. What it reports as failed, or all when it is killed, waits again. */
  async step(
    invoke: (event: { Records: DynamoDBRecord[] }) => Promise<DynamoDBBatchResponse | undefined>,
  ): Promise<boolean> {
    if (this.waiting.length === 0) return false;
    const batch = this.waiting;
    const { batchItemFailures = [] } = (await invoke({ Records: batch })) ?? {};
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const first = batch.findIndex(({ dynamodb }) => failed.has(dynamodb?.SequenceNumber ?? ""));
    this.waiting = [...(first < 0 ? [] : batch.slice(first)), ...this.waiting.slice(batch.length)];
    return first < 0;
  }

  /** The records up to now are lost. */
  async drop(): Promise<void> {
    this.waiting = [];
  }

  /** The records up to now come again. */
  async repeat(): Promise<void> {
    this.waiting = [...this.all];
  }
}
