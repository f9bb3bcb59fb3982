import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { parse } from "../../adapter/schema/parse.ts";
import type { Table } from "../../services/Services.ts";
import { BY_STATE, type State, stateKeys } from "../../store/dueIndex.ts";
import type { Period } from "../filter/Period.ts";
import { entrySchema, type StateEntry } from "../findByState.ts";

/** Where each partition of a state was read up to: the last entry taken of it; null: none yet. */
export const placesSchema = v.array(v.nullable(entrySchema));

export type Places = v.InferOutput<typeof placesSchema>;

/** Entries of a partition that are read first; each read doubles them, up to the most: a page needs few, a search all. */
const FIRST_READ = 25;
const MOST_READ = 1_600;

/** Which entries of a state are read. */
export interface StateRange extends Period {
  readonly state: State;
  /** What the sort keys begin with, such as `HOOK#`. */
  readonly kind: string;
  readonly order: Order;
  /** Where an earlier reader was. @default the beginning */
  readonly from?: Places;
}

/** By the index's time. */
export type Order = "newest" | "oldest";

/** Reads one entry after the other. */
export interface EntryReader<Position> {
  /** The next entry, by time over all partitions; undefined: there is none (yet). */
  next(): Promise<StateEntry | undefined>;
  /** Where it is: a reader that begins there goes on behind the last entry that was taken. */
  position(): Position;
}

/**
 * Reads a state's entries in the order of their times, whatever partition they lie in. Its position is that of entries,
 * not a count: what is added or goes away meanwhile makes it neither skip nor repeat another.
 */
export function stateReader(table: Table, range: StateRange): EntryReader<Places> {
  const shards = stateKeys(range.state).map((key, index) =>
    shardReader(table, key, range, range.from?.[index] ?? null),
  );
  const isBefore = (a: StateEntry, b: StateEntry) => (range.order === "newest" ? a.at > b.at : a.at < b.at);
  return {
    async next() {
      const heads = await Promise.all(shards.map(async (shard) => ({ shard, head: await shard.head() })));
      let first: (typeof heads)[number] | undefined;
      for (const one of heads) {
        if (one.head && (!first?.head || isBefore(one.head, first.head))) first = one;
      }
      first?.shard.take();
      return first?.head;
    },
    position: () => shards.map((shard) => shard.place()),
  };
}

/** Reads one partition. */
function shardReader(table: Table, key: string, range: StateRange, from: StateEntry | null) {
  const { kind, order, since, until } = range;
  const bounds = {
    ...(since === undefined ? {} : { ":since": since }),
    ...(until === undefined ? {} : { ":until": until }),
  };
  const between = [
    "#state = :state",
    ...(since !== undefined && until !== undefined
      ? ["#at BETWEEN :since AND :until"]
      : [since === undefined ? [] : ["#at >= :since"], until === undefined ? [] : ["#at <= :until"]].flat()),
  ];
  let place = from;
  let start: Record<string, unknown> | undefined = from ? { state: key, ...from } : undefined;
  let isOver = since !== undefined && until !== undefined && since > until;
  let buffer: StateEntry[] = [];
  let index = 0;
  let size = FIRST_READ;
  const fill = async (): Promise<void> => {
    const { Items = [], LastEvaluatedKey } = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        IndexName: BY_STATE,
        KeyConditionExpression: between.join(" AND "),
        FilterExpression: "begins_with(sk, :kind)",
        ExpressionAttributeNames: { "#state": "state", ...(Object.keys(bounds).length > 0 ? { "#at": "at" } : {}) },
        ExpressionAttributeValues: { ":state": key, ":kind": kind, ...bounds },
        ScanIndexForward: order === "oldest",
        Limit: size,
        ...(start ? { ExclusiveStartKey: start } : {}),
      }),
    );
    buffer = Items.map((item) => parse(entrySchema, item));
    index = 0;
    size = Math.min(size * 2, MOST_READ);
    start = LastEvaluatedKey;
    isOver = !LastEvaluatedKey;
  };
  return {
    async head(): Promise<StateEntry | undefined> {
      while (index >= buffer.length && !isOver) await fill();
      return buffer[index];
    },
    take(): void {
      const taken = buffer[index++];
      if (taken) place = { pk: taken.pk, sk: taken.sk, at: taken.at };
    },
    place: () => place,
  };
}
