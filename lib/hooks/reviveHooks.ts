import { TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { mapConcurrently } from "../runtime/mapConcurrently.ts";
import type { Services } from "../runtime/Services.ts";
import { unlessNewer } from "../runtime/updateItem.ts";
import { enqueueByProvider } from "./enqueueByProvider.ts";
import type { Hook } from "./Hook.ts";
import { jobOf } from "./jobOf.ts";
import { queueOf } from "./queueOf.ts";
import { revival } from "./revival.ts";
import { reviveHook } from "./reviveHook.ts";
import type { SessionEndQueues } from "./SessionEndQueues.ts";

/** Hooks revived by one call. A transaction takes 100; one that somebody else's write makes fail is done one by one. */
const BATCH = 25;

/** Calls at once. */
const CONCURRENCY = 4;

type DeadHook = Hook & { readonly deadAt: number };

/**
 * Makes dead hooks pending again, each if it is still that death, and enqueues their jobs. When it stops in between, the
 * sweep enqueues them minutes later. Answers those that it revived; the others were revived or delivered by somebody else
 * meanwhile. Many at once, as this may be all that a long outage left: that costs twice the write units of one by one.
 *
 * @throws NoSessionEndQueue when the stack has no memory provider; then no hook is revived
 */
export async function reviveHooks(
  services: Pick<Services, "table" | "clock">,
  queues: SessionEndQueues,
  hooks: readonly Hook[],
): Promise<readonly Hook[]> {
  for (const provider of new Set(hooks.map((hook) => hook.provider))) queueOf(queues, provider);
  const dead = hooks.filter((hook): hook is DeadHook => hook.deadAt !== undefined);
  const batches = Array.from({ length: Math.ceil(dead.length / BATCH) }, (_, index) =>
    dead.slice(index * BATCH, (index + 1) * BATCH),
  );
  const revived: Hook[] = [];
  await mapConcurrently(batches, CONCURRENCY, async (batch) => {
    const taken: Hook[] = [];
    try {
      if (batch.length > 1 && (await reviveTogether(services, batch))) taken.push(...batch);
      else
        await mapConcurrently(batch, CONCURRENCY, async (hook) => {
          if (await reviveHook(services, jobOf(hook), hook.deadAt)) taken.push(hook);
        });
    } finally {
      // Also those before one that failed.
      await enqueueByProvider(queues, taken.map(jobOf));
    }
    revived.push(...taken);
  });
  return revived;
}

/** Revives all of them, or none where one is not that death any more, or is being written. */
async function reviveTogether(
  { table, clock }: Pick<Services, "table" | "clock">,
  hooks: readonly DeadHook[],
): Promise<boolean> {
  const updates = hooks.map((hook) => unlessNewer(table, revival(hook, hook.deadAt, clock.now())));
  try {
    await table.client.send(new TransactWriteCommand({ TransactItems: updates.map((Update) => ({ Update })) }));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "TransactionCanceledException") return false;
    throw error;
  }
}
