import { TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { chunks } from "../runtime/chunks.ts";
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

/** Hooks revived by one call. A transaction takes 100; half as many are less often in another one's way. */
const BATCH = 50;

/** Calls at once. */
const CONCURRENCY = 8;

/** `None` stands for an update that would have been made. */
const canceledSchema = v.object({
  name: v.literal("TransactionCanceledException"),
  CancellationReasons: v.array(v.object({ Code: v.optional(v.string()) })),
});

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
  const revived: Hook[] = [];
  await mapConcurrently(chunks(dead, BATCH), CONCURRENCY, async (batch) => {
    const taken: Hook[] = [];
    try {
      await revive(services, batch, taken);
    } finally {
      // Also those before one that failed.
      await enqueueByProvider(queues, taken.map(jobOf));
    }
    revived.push(...taken);
  });
  return revived;
}

/** Revives what is still that death; `taken` gets it. */
async function revive(
  services: Pick<Services, "table" | "clock">,
  hooks: readonly DeadHook[],
  taken: Hook[],
): Promise<void> {
  let left = hooks;
  while (left.length > 1) {
    const refused = await reviveTogether(services, left);
    if (refused.size === 0) {
      taken.push(...left);
      return;
    }
    // Without those that are not that death any more the others can be, unless another write is in their way just now.
    const rest = left.filter((hook) => refused.get(hook) !== "over");
    if (rest.length === left.length) break;
    left = rest;
  }
  await mapConcurrently(left, CONCURRENCY, async (hook) => {
    if (await reviveHook(services, jobOf(hook), hook.deadAt)) taken.push(hook);
  });
}

/** Revives all of them, or none. Answers those that are not that death any more, and those that are being written. */
async function reviveTogether(
  { table, clock }: Pick<Services, "table" | "clock">,
  hooks: readonly DeadHook[],
): Promise<ReadonlyMap<DeadHook, "over" | "busy">> {
  const now = clock.now();
  const updates = hooks.map((hook) => unlessNewer(table, revival(hook, hook.deadAt, now)));
  try {
    await table.client.send(new TransactWriteCommand({ TransactItems: updates.map((Update) => ({ Update })) }));
    return new Map();
  } catch (error) {
    const canceled = v.safeParse(canceledSchema, error);
    if (!canceled.success) throw error;
    const codes = canceled.output.CancellationReasons.map(({ Code }) => Code);
    const refused = hooks.flatMap((hook, index): [DeadHook, "over" | "busy"][] => {
      if (codes[index] === "ConditionalCheckFailed") return [[hook, "over"]];
      return codes[index] === "None" ? [] : [[hook, "busy"]];
    });
    return new Map(refused);
  }
}
