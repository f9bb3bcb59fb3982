import type { Range } from "./dynalite.ts";

// Where things are in the store. `table~` and `item-` are dynalite's own places.
// `~` cannot be in the name of a table or index, and no key of an item holds a character above it.

/** The highest character there is: the end of every range of keys that begin alike. */
const LAST = "\u{10FFFF}";

/** Makes the keys of the store. */
export const keys = {
  table: (table: string) => `table~${table}`,
  item: (table: string, key = "") => `item-${table}~${key}`,
  index: (kind: string, table: string, index: string, key = "") => `index-${kind}~${table}~${index}~${key}`,
  /** The name of the attribute that holds an item's time to live. */
  timeToLive: (table: string) => `ttl~${table}`,
  /** One for each item that expires; ordered by time. */
  expiry: (table: string, seconds?: number, key = "") =>
    seconds === undefined ? `expiry~${table}~` : `expiry~${table}~${String(seconds).padStart(16, "0")}~${key}`,
  stream: (arn: string) => `stream~${arn}`,
  /** The number of a stream's last record; written with the record itself. */
  sequence: (arn: string) => `sequence~${arn}`,
  /** The number of the last record that the stream has forgotten. */
  trimmed: (arn: string) => `trimmed~${arn}`,
  record: (arn: string, sequence?: number) =>
    sequence === undefined ? `record~${arn}~` : `record~${arn}~${String(sequence).padStart(16, "0")}`,
  token: (token = "") => `token~${token}`,
};

/** All keys that begin with `prefix`. */
export function allUnder(prefix: string): Range {
  return { gte: prefix, lt: prefix + LAST };
}
