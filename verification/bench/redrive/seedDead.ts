import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { jobOf } from "../../../lib/domain/HookJob.ts";
import { type Turn, turnKey } from "../../../lib/domain/Turn.ts";
import { enqueueHooks } from "../../../lib/queues/enqueueHooks.ts";
import { mapConcurrently } from "../../../lib/runtime/async.ts";
import type { Queue, Table } from "../../../lib/services/Services.ts";
import { turnItem } from "../../../lib/store/keys.ts";
import { type Seeded, seedLedger } from "../../../test/integration/seedLedger.ts";

/** Writes so many sessions of one turn whose hooks are dead, with their letters on the dead-letter queue. */
export async function seedDead(table: Table, dlq: Queue, count: number): Promise<readonly Seeded[]> {
  const seeded = await seedLedger(table, count, Date.now());
  const turns = seeded.map(({ session: { session, startedAt } }) => ({ session, turn: turnAt(startedAt) }));
  const batches = Array.from({ length: Math.ceil(count / 25) }, (_, index) => turns.slice(index * 25, index * 25 + 25));
  await mapConcurrently(batches, 4, async (batch) => {
    const requests = batch.map(({ session, turn }) => ({
      PutRequest: { Item: { ...turnItem(session, turn.sk), v: 1, ...turn } },
    }));
    await table.client.send(new BatchWriteCommand({ RequestItems: { [table.name]: requests } }));
  });
  await enqueueHooks(
    dlq,
    seeded.map(({ hook }) => ({ ...jobOf(hook), ...(hook.deadAt === undefined ? {} : { deadAt: hook.deadAt }) })),
  );
  return seeded;
}

function turnAt(at: number): Turn {
  return {
    ...{ sk: turnKey(at, "m1"), kind: "turn", messageId: "m1", at, origin: "chat", user: { id: "ann" } },
    ...{ text: "My name is Ann", reply: "hello", repliedAt: at, status: "done", enqueueId: "c1", sent: 1 },
  };
}
