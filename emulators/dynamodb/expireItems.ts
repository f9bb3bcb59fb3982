import { commit } from "./commit.ts";
import type { Engine } from "./engine.ts";
import { expiryOf } from "./expiryOf.ts";
import type { Item } from "./item.ts";
import { keys } from "./keys.ts";
import type { UserIdentity } from "./streamRecord.ts";

/** How stream records show that it was the service that deleted. */
const SERVICE: UserIdentity = { PrincipalId: "dynamodb.amazonaws.com", Type: "Service" };

/**
 * Seconds: an older time is taken for a mistake, and the item stays.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html
 */
const TOO_OLD = 5 * 365.25 * 86_400;

/** Deletes all expired items of all tables; answers how many. Costs no capacity. */
export async function expireItems(engine: Engine): Promise<number> {
  let count = 0;
  for (const table of [...engine.timeToLive.keys()]) {
    const now = Math.floor(Date.now() / 1000);
    const from = Math.max(0, Math.ceil(now - TOO_OLD));
    const due = engine.db.values<string>({ gte: keys.expiry(table, from), lt: keys.expiry(table, now) });
    try {
      for (let batch = await due.nextv(100); batch.length > 0; batch = await due.nextv(100)) {
        for (const key of batch) if (await engine.alone(() => expireItem(engine, table, key))) count += 1;
      }
    } finally {
      await due.close();
    }
  }
  return count;
}

/** Looks again before it deletes: since it was found, the item may have been deleted, or been given more time. */
async function expireItem(engine: Engine, name: string, key: string): Promise<boolean> {
  const table = engine.tables.get(name);
  const attribute = engine.timeToLive.get(name);
  if (!table || attribute === undefined) return false;
  const item = await engine.db.get<Item>(keys.item(name, key));
  const expiry = expiryOf(item, attribute);
  const now = Date.now() / 1000;
  if (expiry === undefined || expiry >= now || expiry < now - TOO_OLD) return false;
  await commit(engine, [{ table, key, before: item, after: undefined }], [], SERVICE);
  return true;
}
