import type { KeyElement } from "./table.ts";

/** A stream of a table's changes; it has one shard. */
export interface TableStream {
  arn: string;
  label: string;
  table: string;
  viewType: string;
  /** Epoch seconds. */
  created: number;
  keySchema: KeyElement[];
  /** The number of the last record; they count from 1 without a gap. 0: none yet. */
  last: number;
  /** The number of the last record that is forgotten. 0: none. */
  trimmed: number;
}

/** The only shard of every stream; it has the service's form, which is 20 digits and 8 hexadecimal ones. */
export const SHARD_ID = "shardId-00000000000000000001-00000001";

/** A record's number as the service shows it, 21 digits, which as text have the order of the numbers. */
export function sequenceNumber(sequence: number): string {
  return `1${String(sequence).padStart(20, "0")}`;
}

/** The number in a sequence number; undefined when it is none. */
export function parseSequenceNumber(text: string): number | undefined {
  return /^1\d{20}$/.test(text) ? Number(text.slice(1)) : undefined;
}
