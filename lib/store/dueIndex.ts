import { sha256 } from "../domain/ids.ts";

/**
 * The sparse index that finds items by what they wait for. Partition `state`, sorted by `at` (milliseconds):
 * `DUE#n` open sessions and unfinished hooks by when they must be looked at; `ENDED#n` sealed sessions by their end;
 * `DEAD#n` dead hooks by when they died; `UNSENT#n` turns with a failed reply by when their message was written.
 * `OPERATION#n` and `AUDIT#n` what operators have begun and done, by when. Delivered and skipped hooks, other turns and conversations are not in it.
 */
export const BY_STATE = "byState";

/**
 * Parts of each state. An index partition takes 1,000 writes a second; eight carry 8,000 session starts or ends a
 * second, and a sweep that finds nothing still costs only eight queries. A stored key names its part, so a change of
 * this number needs no migration as long as it grows.
 */
export const SHARDS = 8;

export type State = "DUE" | "ENDED" | "DEAD" | "UNSENT" | "OPERATION" | "AUDIT";

/** The index partition of a session, of its hooks and of its turns; or of an operation or an audit entry, by its id. */
export function stateKey(state: State, session: string): string {
  const shard = sha256(session).readUInt32BE(0) % SHARDS;
  return `${state}#${shard}`;
}

/** One of so many equal parts of a state's index partitions. */
export interface StatePart {
  /** From 0. @default 0 */
  readonly part?: number;
  /** @default 1 */
  readonly of?: number;
}

/** Every index partition of a state, or of one part of it. */
export function stateKeys(state: State, { part = 0, of = 1 }: StatePart = {}): readonly string[] {
  const shards = Array.from({ length: SHARDS }, (_, shard) => shard).filter((shard) => shard % of === part);
  return shards.map((shard) => `${state}#${shard}`);
}
