import { commit } from "../../emulators/dynamodb/commit.ts";
import { dynalite } from "../../emulators/dynamodb/dynalite.ts";
import type { AttributeValue, Item } from "../../emulators/dynamodb/item.ts";
import { openDatabase } from "../../emulators/dynamodb/openDatabase.ts";
import type { Hook } from "../../lib/domain/Hook.ts";
import { chunks } from "../../lib/runtime/async.ts";
import { itemsOf, seed } from "../integration/seedLedger.ts";

/** Items of one batch to the store. */
const BATCH = 2_000;

/**
 * Writes sessions and hooks as `seedLedger` does, but straight into the folder of a local table that nobody uses just now,
 * and without records in its stream: a hundred thousand within seconds.
 */
export async function seedFolder(
  path: string,
  tableName: string,
  count: number,
  now: number,
  change: (index: number) => Partial<Hook>,
): Promise<void> {
  const engine = await openDatabase(path);
  try {
    const table = engine.tables.get(tableName);
    if (!table) throw new Error(`${path} has no table ${tableName}`);
    engine.streams.clear();
    for (const batch of chunks(
      Array.from({ length: count }).map((_, index) => index),
      BATCH,
    )) {
      const changes = batch
        .flatMap((index) => itemsOf(seed(index, now - (count - index) * 1000, change(index))))
        .map((item) => {
          const after = toItem(item);
          return { table, key: dynalite.createKey(after, table), before: undefined, after };
        });
      await engine.alone(() => commit(engine, changes));
    }
  } finally {
    await engine.db.close();
  }
}

/** As the SDK writes it, in a tenth of its time. */
function toItem(values: object): Item {
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known.map(([name, value]) => [name, toValue(value)]));
}

function toValue(value: unknown): AttributeValue {
  if (typeof value === "string") return { S: value };
  if (typeof value === "number") return { N: String(value) };
  if (typeof value === "boolean") return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(toValue) };
  return typeof value === "object" && value !== null ? { M: toItem(value) } : { NULL: true };
}
