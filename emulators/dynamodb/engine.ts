import { createLock, type Lock } from "./createLock.ts";
import type { Database } from "./dynalite.ts";
import { allUnder, keys } from "./keys.ts";
import type { Table } from "./table.ts";
import type { TableStream } from "./tableStream.ts";

/** The store, and what of it is held in memory besides. */
interface Contents {
  db: Database;
  tables: Map<string, Table>;
  /** By ARN. */
  streams: Map<string, TableStream>;
  /** The attribute that holds the time to live, by table. */
  timeToLive: Map<string, string>;
}

/** An open store at work. */
export interface Engine extends Contents {
  /**
   * Every write happens in here, alone: what it read is still so when it is written, transactions need no more than
   * this, and numbers of stream records are in the order of the writes. LevelDB has one writer in any case.
   */
  alone: Lock;
  /** The disk refused a write, see `writeBatch`: the store must be opened anew before the next one. */
  isTorn: boolean;
}

/**
 * Makes an engine of a store. One that is torn is closed and opened anew before the next work that is done alone; while
 * that fails, as on a disk that is still full, so does the work.
 *
 * @param open opens the store
 */
export async function createEngine(open: () => Promise<Database>): Promise<Engine> {
  const load = async () => {
    const db = await open();
    try {
      return await loadContents(db);
    } catch (error) {
      await db.close();
      throw error;
    }
  };
  const lock = createLock();
  const engine: Engine = {
    ...(await load()),
    isTorn: false,
    alone: (work) =>
      lock(async () => {
        if (engine.isTorn) {
          await engine.db.close();
          Object.assign(engine, await load());
          engine.isTorn = false;
        }
        return work();
      }),
  };
  return engine;
}

/** Reads the tables, streams and settings of an open store. */
async function loadContents(db: Database): Promise<Contents> {
  const engine: Contents = { db, tables: new Map(), streams: new Map(), timeToLive: new Map() };
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
