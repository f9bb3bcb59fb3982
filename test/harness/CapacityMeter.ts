import * as v from "valibot";

const one = v.object({ CapacityUnits: v.optional(v.number()) });

const outputSchema = v.object({ ConsumedCapacity: v.optional(v.union([v.array(one), one])) });

/** Commands that read; all others write. */
const READS = new Set(["GetItemCommand", "BatchGetItemCommand", "QueryCommand", "ScanCommand"]);

/** Adds up the capacity that the table reports, indexes included, writes and reads apart. */
export class CapacityMeter {
  written = 0;
  read = 0;

  count(command: string, output: unknown): void {
    const { ConsumedCapacity: consumed } = v.parse(outputSchema, output);
    const total = [consumed ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
    if (READS.has(command)) this.read += total;
    else this.written += total;
  }

  /** A write that its condition refused: billed like any other, but its answer does not say so. Items are under 1 KB. */
  countRefused(): void {
    this.written += 1;
  }

  /** Starts again from nothing. */
  reset(): void {
    this.written = 0;
    this.read = 0;
  }
}
