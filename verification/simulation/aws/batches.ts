import type { BatchGetCommand, BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import type { Item } from "./Item.ts";
import { invalid } from "./invalid.ts";
import { itemOf } from "./itemOf.ts";
import { type Key, keyOf, keysOf } from "./keyOf.ts";

/** The most of one BatchGetItem. */
const MOST_READS = 100;

/** The most of one BatchWriteItem. */
const MOST_WRITES = 25;

/** What a table does for a batch. */
export interface Batched {
  /** The items of those keys that are there. */
  read(keys: readonly Key[], consistent: boolean | undefined): Item[];
  write(pk: string, sk: string, item: Item | undefined): void;
  /** Whether an item is left out. */
  readonly leavesOut: () => boolean;
}

/** Reads the items of a batch. */
export function batchGet(table: Batched, { RequestItems = {} }: BatchGetCommand["input"]) {
  const responses: Record<string, Item[]> = {};
  const unprocessed: Record<string, object> = {};
  for (const [name, request] of Object.entries(RequestItems)) {
    const keys = (request.Keys ?? []).map(keyOf);
    checkBatch(keys, MOST_READS);
    const { served, left } = part(table.leavesOut, keys);
    responses[name] = table.read(served, request.ConsistentRead);
    if (left.length > 0) unprocessed[name] = { ...request, Keys: left };
  }
  return { Responses: responses, UnprocessedKeys: unprocessed };
}

/** Makes the writes of a batch. */
export function batchWrite(table: Batched, { RequestItems = {} }: BatchWriteCommand["input"]) {
  const writes = Object.entries(RequestItems).flatMap(([name, requests]) =>
    requests.map((request) => {
      const { PutRequest, DeleteRequest } = request;
      const item = PutRequest && itemOf(PutRequest.Item);
      return { name, request, ...(item ? keysOf(item) : keyOf(DeleteRequest?.Key)), item };
    }),
  );
  checkBatch(writes, MOST_WRITES);
  const { served, left } = part(table.leavesOut, writes);
  for (const { pk, sk, item } of served) table.write(pk, sk, item);
  const unprocessed: Record<string, object[]> = {};
  for (const { name, request } of left) unprocessed[name] = [...(unprocessed[name] ?? []), request];
  return { UnprocessedItems: unprocessed };
}

/** What of a batch is served, and what is left to be asked for again. */
function part<One>(
  leavesOut: () => boolean,
  [first, ...others]: readonly One[],
): {
  readonly served: readonly One[];
  readonly left: readonly One[];
} {
  const served = first === undefined ? [] : [first];
  const left: One[] = [];
  for (const one of others) (leavesOut() ? left : served).push(one);
  return { served, left };
}

/** A batch names an item once. */
function checkBatch(keys: readonly Key[], most: number): void {
  if (keys.length === 0 || keys.length > most) throw invalid(`a batch has 1 to ${most} items`);
  const different = new Set(keys.map(({ pk, sk }) => JSON.stringify([pk, sk])));
  if (different.size < keys.length) throw invalid("Provided list of item keys contains duplicates");
}
