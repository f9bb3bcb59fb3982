import { type BatchOperation, loadSpec } from "./dynalite.ts";
import type { Engine } from "./engine.ts";
import { allUnder, keys } from "./keys.ts";
import { noTable } from "./tableAction.ts";
import { validate } from "./validate.ts";
import { writeBatch } from "./writeBatch.ts";

const spec = loadSpec("deleteTable");

/** Deletes a table with all that it has: items, indexes, tags, settings, and, other than the service, its streams. */
export function deleteTable(engine: Engine, body: unknown): Promise<object> {
  const { TableName: name } = validate<{ TableName: string }>(spec, body);
  return engine.alone(async () => {
    const table = engine.tables.get(name);
    if (!table) throw noTable(name);
    const arns = [...engine.streams.values()].filter((stream) => stream.table === name).map(({ arn }) => arn);
    const batch: BatchOperation[] = [
      keys.table(name),
      keys.timeToLive(name),
      ...arns.flatMap((arn) => [keys.stream(arn), keys.sequence(arn), keys.trimmed(arn)]),
    ].map((key) => ({ type: "del", key }));
    const folders = [
      keys.item(name),
      keys.tag(name),
      keys.expiry(name),
      ...(table.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => keys.index("global", name, IndexName)),
      ...(table.LocalSecondaryIndexes ?? []).map(({ IndexName }) => keys.index("local", name, IndexName)),
      ...arns.map((arn) => keys.record(arn)),
    ];
    for (const folder of folders) {
      for await (const key of engine.db.keys(allUnder(folder))) batch.push({ type: "del", key });
    }
    await writeBatch(engine, batch);
    engine.tables.delete(name);
    engine.timeToLive.delete(name);
    for (const arn of arns) engine.streams.delete(arn);
    return { TableDescription: { ...table, TableStatus: "DELETING" } };
  });
}
