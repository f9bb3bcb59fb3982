import { type State, stateKeys } from "../runtime/byState.ts";
import type { Table } from "../runtime/Services.ts";
import { findInShard, type StateEntry } from "./findInShard.ts";

/**
 * The entries of a state with the latest times, latest first; `limit` at the most of those that `accept` takes. The
 * index lags a moment behind the table: what it names must be read before it is believed.
 */
export async function findByState(
  table: Table,
  state: State,
  accept: (entry: StateEntry) => boolean,
  limit = Number.POSITIVE_INFINITY,
): Promise<readonly StateEntry[]> {
  const shards = await Promise.all(stateKeys(state).map((shard) => findInShard(table, shard, accept, limit)));
  return shards
    .flat()
    .sort((a, b) => b.at - a.at)
    .slice(0, limit);
}
