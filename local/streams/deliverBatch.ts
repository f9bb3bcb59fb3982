import type { DynamoDBRecord } from "aws-lambda";
import { failedItems } from "../mappings/failedItems.ts";
import type { MappingSpec } from "../mappings/mappingSpec.ts";

/** Milliseconds before the first retry; each further one doubles it, up to the longest. */
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 10_000;

export interface BatchDelivery {
  readonly mapping: MappingSpec;
  readonly invoke: (event: unknown) => Promise<unknown>;
  /** Every record up to this one is done with. */
  readonly checkpoint: (sequenceNumber: string) => void;
  /** These records are given up. `error` is undefined when the function reported the failure itself. */
  readonly giveUp: (records: readonly DynamoDBRecord[], attempts: number, error: unknown) => Promise<void>;
  /** An attempt failed; it is tried again, split or given up. */
  readonly onError: (error: unknown) => void;
  readonly wait: (ms: number) => Promise<void>;
  /** Whether the runner stops: what is not done with is left to the next start. */
  readonly stopping: () => boolean;
}

interface Part {
  readonly records: readonly DynamoDBRecord[];
  /** Failed attempts so far. Splitting does not count as one, as on AWS. */
  readonly failures: number;
}

/**
 * Hands one batch of stream records to a function by the mapping's rules: in order, a checkpoint at the first record
 * that failed, halves when the whole batch failed, a limited number of retries, and what is given up, or was too old to
 * begin with, to the failure destination. The shard waits meanwhile, as on AWS.
 */
export async function deliverBatch(records: readonly DynamoDBRecord[], delivery: BatchDelivery): Promise<void> {
  const { mapping } = delivery;
  const parts: Part[] = [{ records, failures: 0 }];
  for (let part = parts.shift(); part; part = parts.shift()) {
    if (delivery.stopping()) return;
    const expired = countExpired(part.records, mapping);
    if (expired > 0) {
      const lost = part.records.slice(0, expired);
      await delivery.giveUp(lost, part.failures, undefined);
      delivery.checkpoint(sequenceNumber(lost.at(-1)));
      if (expired < part.records.length) parts.unshift({ records: part.records.slice(expired), failures: 0 });
      continue;
    }
    const attempt = await run(part.records, delivery);
    const done = part.records.slice(0, attempt.failedAt);
    const rest = part.records.slice(attempt.failedAt);
    if (done.length > 0) delivery.checkpoint(sequenceNumber(done.at(-1)));
    if (rest.length === 0) continue;
    // An attempt that the stop cut off is no failure.
    if (delivery.stopping()) return;

    // Progress: the record that is first now has failed once, whatever happened to those before it.
    const failures = done.length > 0 ? 1 : part.failures + 1;
    if (done.length === 0 && mapping.BisectBatchOnFunctionError && rest.length > 1) {
      const middle = Math.ceil(rest.length / 2);
      const { failures: before } = part;
      parts.unshift(
        { records: rest.slice(0, middle), failures: before },
        { records: rest.slice(middle), failures: before },
      );
    } else if (mapping.MaximumRetryAttempts >= 0 && failures > mapping.MaximumRetryAttempts) {
      await delivery.giveUp(rest, failures, attempt.error);
      delivery.checkpoint(sequenceNumber(rest.at(-1)));
    } else {
      await delivery.wait(Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS));
      parts.unshift({ records: rest, failures });
    }
  }
}

/** One attempt. `failedAt` is the index of the first record that failed; the batch's length when none did. */
async function run(
  records: readonly DynamoDBRecord[],
  { mapping, invoke, onError }: BatchDelivery,
): Promise<{ readonly failedAt: number; readonly error?: unknown }> {
  try {
    const result = await invoke({ Records: records });
    if (!mapping.FunctionResponseTypes.includes("ReportBatchItemFailures")) return { failedAt: records.length };
    const ids = records.map(sequenceNumber);
    const failed = failedItems(result, ids);
    const first = ids.findIndex((id) => failed.has(id));
    return { failedAt: first < 0 ? records.length : first };
  } catch (error) {
    onError(error);
    return { failedAt: 0, error };
  }
}

/** How many records from the first on are older than the mapping takes. */
function countExpired(records: readonly DynamoDBRecord[], { MaximumRecordAgeInSeconds: most }: MappingSpec): number {
  if (most < 0) return 0;
  const oldest = Date.now() / 1000 - most;
  const fresh = records.findIndex(({ dynamodb }) => (dynamodb?.ApproximateCreationDateTime ?? oldest) >= oldest);
  return fresh < 0 ? records.length : fresh;
}

function sequenceNumber(record: DynamoDBRecord | undefined): string {
  return record?.dynamodb?.SequenceNumber ?? "";
}
