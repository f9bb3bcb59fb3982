import { createLock, type Lock } from "./createLock.ts";
import type { Database } from "./dynalite.ts";
import { allUnder, keys } from "./keys.ts";
import type { Table } from "./table.ts";
import type { TableStream } from "./tableStream.ts";

/** The store, and what of it is held in memory besides. */
export interface Engine {
  db: Database;
  tables: Map<string, Table>;
  /** By ARN. */
  streams: Map<string, TableStream>;
  /** The attribute that holds the time to live, by table. */
  timeToLive: Map<string, string>;
  /**
   * Every write happens in here, alone: what it read is still so when it is written, transactions need no more than
   * this, and numbers of stream records are in the order of the writes. LevelDB has one writer in any case.
   */
  alone: Lock;
}

/** Reads the tables, streams and settings of an open store. */
export async function loadEngine(db: Database): Promise<Engine> {
  const engine: Engine = { db, tables: new Map(), streams: new Map(), timeToLive: new Map(), alone: createLock() };
  for await (const [, table] of db.iterator<Table>(allUnder(keys.table("")))) {
    engine.tables.set(table.TableName, table);
  }
  for await (const [key, attribute] of db.iterator<string>(allUnder(keys.timeToLive("")))) {
    engine.timeToLive.set(key.slice(keys.timeToLive("").length), attribute);
  }
  for await (const [arn, stream] of db.iterator<TableStream>(allUnder(keys.stream("")))) {
    const last = (await db.get<number>(keys.sequence(stream.arn))) ?? 0;
    const trimmed = (await db.get<number>(keys.trimmed(stream.arn))) ?? 0;
    engine.streams.set(arn.slice(keys.stream("").length), { ...stream, last, trimmed });
  }
  return engine;
}
