import { AwsError } from "../AwsError.ts";
import type { Change } from "./change.ts";
import { type Action, type ActionStore, type Callback, OPTIONS, type Range, type SubStore } from "./dynalite.ts";
import type { Engine } from "./engine.ts";
import { indexKey } from "./indexEntries.ts";
import { invalidIndexKey } from "./invalidIndexKey.ts";
import type { Item } from "./item.ts";
import { itemSize } from "./itemSize.ts";
import { allUnder, keys } from "./keys.ts";
import { ACCOUNT, REGION } from "./names.ts";
import { oversizedKey } from "./oversizedKey.ts";
import type { Table } from "./table.ts";
import { valueStream } from "./valueStream.ts";

/** A look at the store for one request: reads come from it, writes are only noted, to be committed together. */
export interface Stage {
  /** Items got by their key, in order; undefined where there was none. */
  reads: { table: Table; item: Item | undefined }[];
  /** Items or index entries that a query or scan went through, in order. */
  scanned: Item[];
  /** Writes of items, in order. */
  changes: Change[];
  /** Runs one of dynalite's actions on this stage; rejects as the service would. */
  run<T extends object>(action: Action, data: object): Promise<T>;
}

/**
 * A stage on the engine as it is.
 *
 * @param startKey the ExclusiveStartKey of a query or scan of an index
 */
export function createStage(engine: Engine, startKey?: Item): Stage {
  const found = new Map<string, Item | undefined>();
  let crash: (error: unknown) => void = () => {};
  const stage: Stage = { reads: [], scanned: [], changes: [], run };
  const store: ActionStore = {
    options: OPTIONS,
    getTable(name, checkStatus, callback) {
      const done = typeof checkStatus === "function" ? checkStatus : callback;
      const table = engine.tables.get(name);
      if (table) return done?.(null, table);
      const detail = checkStatus === false ? `: Table: ${name} not found` : "";
      const missing = new AwsError("ResourceNotFoundException", `Requested resource not found${detail}`);
      // By which dynalite's actions know it.
      missing.name = "NotFoundError";
      done?.(missing);
    },
    tableDb: { ...subStore<Table>(keys.table("")), awsRegion: REGION, awsAccountId: ACCOUNT },
    getItemDb: items,
    getIndexDb: entries,
    getTagDb: refuse,
  };
  return stage;

  function run<T extends object>(action: Action, data: object): Promise<T> {
    return new Promise((resolve, reject) => {
      crash = reject;
      // What an action answers is as its name says; the caller names the type.
      action(store, data, (error, answer) => (error ? reject(error) : resolve({ ...answer } as T)));
    });
  }

  /** Calls back, and turns what dynalite throws in there into the end of this request instead of the process. */
  function answer<T>(work: Promise<T | undefined>, callback: Callback<T>): void {
    work.then((value) => callback(null, value), callback).catch((error) => crash(error));
  }

  function subStore<T>(prefix: string): SubStore<T> {
    return {
      lock: (_key, work) => work((callback) => callback),
      get: (key, callback) =>
        answer(
          Promise.try(() => engine.db.getSync<T>(prefix + key)),
          callback,
        ),
      put: refuse,
      del: refuse,
      batch: refuse,
      createKeyStream: () => valueStream({ ...shortened(engine.db.keys(allUnder(prefix)), prefix.length) }),
      createValueStream: (range = {}) => valueStream(engine.db.values<T>(under(prefix, range))),
    };
  }

  function items(name: string): SubStore<Item> {
    const table = engine.tables.get(name);
    if (!table) throw new Error(`An action asked for the items of ${name}, which is no table`);
    const prefix = keys.item(name);
    return {
      ...subStore<Item>(prefix),
      get(key, callback) {
        const tooLong = oversizedKey(table, key);
        if (tooLong) return callback(new AwsError("ValidationException", tooLong));
        const read = Promise.try(() => {
          const item = engine.db.getSync<Item>(prefix + key);
          found.set(prefix + key, item);
          stage.reads.push({ table, item });
          return item;
        });
        answer(read, callback);
      },
      put(key, item, callback) {
        const tooBig = itemSize(item) > OPTIONS.maxItemSize ? "Item size has exceeded the maximum allowed size" : null;
        const invalid = tooBig ?? invalidIndexKey(table, item);
        if (invalid) return callback(new AwsError("ValidationException", invalid));
        stage.changes.push({ table, key, before: found.get(prefix + key), after: item });
        callback(null);
      },
      del(key, callback) {
        stage.changes.push({ table, key, before: found.get(prefix + key), after: undefined });
        callback(null);
      },
      createValueStream: (range = {}) =>
        valueStream(engine.db.values<Item>(under(prefix, range)), (item) => stage.scanned.push(item)),
    };
  }

  /** Index entries follow from the changes of items, so what dynalite would write here is not noted. */
  function entries(kind: string, name: string, indexName: string): SubStore<Item> {
    const table = engine.tables.get(name);
    const indexes = kind.toLowerCase() === "global" ? table?.GlobalSecondaryIndexes : table?.LocalSecondaryIndexes;
    const index = indexes?.find(({ IndexName }) => IndexName === indexName);
    const prefix = keys.index(kind.toLowerCase(), name, indexName);
    return {
      ...subStore<Item>(prefix),
      put: (_key, _item, callback) => callback(null),
      del: (_key, callback) => callback(null),
      createValueStream(range = {}) {
        const start = table && index && startKey && indexKey(table, index, startKey);
        // dynalite's start is the shorter key that two items may share: the range begins at the true one.
        const exact = start && { ...range, ...(range.reverse ? { lt: start } : { gt: start }) };
        return valueStream(engine.db.values<Item>(under(prefix, exact || range)), (item) => stage.scanned.push(item));
      },
    };
  }
}

/** The actions that are run here write items alone. */
function refuse(): never {
  throw new Error("dynalite was to write what is no item");
}

/** A range within the keys that begin with `prefix`. */
function under(prefix: string, { gt, gte, lt, lte, ...rest }: Range): Range {
  const all = allUnder(prefix);
  return {
    ...rest,
    ...(gte !== undefined ? { gte: prefix + gte } : gt !== undefined ? { gt: prefix + gt } : { gte: prefix }),
    ...(lte !== undefined ? { lte: prefix + lte } : { lt: lt !== undefined ? prefix + lt : (all.lt ?? "") }),
  };
}

function shortened(names: { nextv(size: number): Promise<string[]>; close(): Promise<void> }, length: number) {
  return {
    nextv: async (size: number) => (await names.nextv(size)).map((name) => name.slice(length)),
    close: () => names.close(),
  };
}
