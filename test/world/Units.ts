import * as z from "zod/mini";

const one = z.object({
  CapacityUnits: z.optional(z.number()),
  Table: z.optional(z.object({ CapacityUnits: z.number() })),
  ReadCapacityUnits: z.optional(z.number()),
});
const outputSchema = z.object({ ConsumedCapacity: z.optional(z.union([one, z.array(one)])), $metadata: z.unknown() });

/** Adds up the capacity that the table reports, writes and reads apart. */
export class Units {
  written = 0;
  read = 0;

  count(output: unknown): void {
    const { ConsumedCapacity: consumed } = outputSchema.parse(output);
    const total = [consumed ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
    const isRead = typeof output === "object" && output !== null && READS.some((name) => name in output);
    if (isRead) this.read += total;
    else this.written += total;
  }

  /** Starts again from nothing. */
  reset(): void {
    this.written = 0;
    this.read = 0;
  }
}

const READS = ["Item", "Items", "Responses", "Count"];
