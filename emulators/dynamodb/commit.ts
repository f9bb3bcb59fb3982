import type { Change } from "./change.ts";
import type { BatchOperation } from "./dynalite.ts";
import type { Engine } from "./engine.ts";
import { expiryOf } from "./expiryOf.ts";
import { indexChanges } from "./indexEntries.ts";
import type { Item } from "./item.ts";
import { keys } from "./keys.ts";
import { sameItem } from "./sameItem.ts";
import { streamRecord, type UserIdentity } from "./streamRecord.ts";
import { writeBatch } from "./writeBatch.ts";

/**
 * Writes changes of items with all that follows from them, in one batch: index entries, expiry times, stream records.
 * After a crash either all of it is there or nothing. Must be called while `engine.alone`.
 *
 * @param more what else belongs to the same write
 * @param writer who wrote, when it was not a client
 */
export async function commit(
  engine: Engine,
  changes: Change[],
  more: BatchOperation[] = [],
  writer?: UserIdentity,
): Promise<void> {
  const batch = [...more];
  const sequences = new Map<string, number>();
  for (const change of changes) {
    // The service gives no record for a write that changes nothing, and nothing else is to be written either.
    if (sameItem(change.before, change.after)) continue;
    const { table, key, before, after } = change;
    batch.push(write(keys.item(table.TableName, key), after));
    for (const index of indexChanges(table, before, after)) {
      if (index.before && index.before.key !== index.after?.key) batch.push(write(index.before.key, undefined));
      if (index.after && !sameItem(index.before?.item, index.after.item)) {
        batch.push(write(index.after.key, index.after.item));
      }
    }
    batch.push(...expiryWrites(engine, change));
    const stream = table.LatestStreamArn === undefined ? undefined : engine.streams.get(table.LatestStreamArn);
    if (stream) {
      const sequence = (sequences.get(stream.arn) ?? stream.last) + 1;
      sequences.set(stream.arn, sequence);
      batch.push({
        type: "put",
        key: keys.record(stream.arn, sequence),
        value: streamRecord(stream, sequence, before, after, writer),
      });
    }
  }
  for (const [arn, sequence] of sequences) batch.push({ type: "put", key: keys.sequence(arn), value: sequence });
  if (batch.length === 0) return;
  await writeBatch(engine, batch);
  for (const [arn, sequence] of sequences) {
    const stream = engine.streams.get(arn);
    if (stream) stream.last = sequence;
  }
}

function write(key: string, item: Item | undefined): BatchOperation {
  return item ? { type: "put", key, value: item } : { type: "del", key };
}

function expiryWrites(engine: Engine, { table, key, before, after }: Change): BatchOperation[] {
  const attribute = engine.timeToLive.get(table.TableName);
  if (attribute === undefined) return [];
  const from = expiryOf(before, attribute);
  const to = expiryOf(after, attribute);
  if (from === to) return [];
  const writes: BatchOperation[] = [];
  if (from !== undefined) writes.push({ type: "del", key: keys.expiry(table.TableName, from, key) });
  if (to !== undefined) writes.push({ type: "put", key: keys.expiry(table.TableName, to, key), value: key });
  return writes;
}
