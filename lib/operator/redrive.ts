import { TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { type Hook, hookSchema } from "../domain/Hook.ts";
import { jobOf } from "../domain/HookJob.ts";
import { enqueueByProvider } from "../queues/enqueueHooks.ts";
import { type HookQueues, queueOf, type SessionEndQueues } from "../queues/sessionEndQueues.ts";
import { chunks, mapConcurrently } from "../runtime/async.ts";
import type { Services } from "../services/Services.ts";
import { revival, reviveHook } from "../store/hookOperations.ts";
import { queryHooks } from "../store/readHooks.ts";
import type { ReadServices } from "../store/readItems.ts";
import { unlessNewer } from "../store/updateItem.ts";
import { clearDlq } from "./clearDlq.ts";
import { findByState } from "./findByState.ts";
import { parseRows, readRows, type UnreadRow } from "./readRows.ts";
import { hookTime } from "./views.ts";

/** What came of a redrive. */
export interface RedriveResult {
  /** Pending again and on the queue. */
  readonly revived: readonly Hook[];
  /** Left alone, as somebody else had revived them since the plan was made. */
  readonly notRevived: readonly Hook[];
  /** How many messages that report no present death were taken off the dead-letter queue, whoever left them there. */
  readonly cleared: number;
}

/**
 * Sends the hooks of a plan through the queue again; of two redrives of the same hook one revives it. A plan without hooks
 * clears the dead-letter queue all the same.
 */
export async function redrive(
  services: ReadServices,
  queues: HookQueues,
  { hooks }: Pick<RedrivePlan, "hooks">,
): Promise<RedriveResult> {
  const { revived, cleared } = await redriveHooks(services, queues, hooks);
  const done = new Set(revived);
  return { revived, notRevived: hooks.filter((hook) => !done.has(hook)), cleared };
}

/** What came of it. */
export interface RedrivenHooks {
  /** Pending again and on the queue; the others were revived or delivered by somebody else meanwhile. */
  readonly revived: readonly Hook[];
  /** How many messages were taken off the dead-letter queue, those that earlier redrives left there included. */
  readonly cleared: number;
}

/**
 * Sends dead hooks through the queue again: each row is made pending, conditionally, so that two operators or a retry
 * can't double it; then its job is enqueued. Then the dead-letter queue is cleared of what reports no present death, also
 * when there was no hook to revive.
 *
 * @throws NoSessionEndQueue when the stack has no memory provider; then no hook is revived
 */
export async function redriveHooks(
  services: ReadServices,
  queues: HookQueues,
  hooks: readonly Hook[],
): Promise<RedrivenHooks> {
  const revived = await reviveHooks(services, queues.sessionEnd, hooks);
  return { revived, cleared: await clearDlq(services, queues.dlq) };
}

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

/** Which dead hooks to redrive; all of them when it says nothing. */
export interface RedriveFilter {
  readonly session?: string;
  /** The provider's name in the config. */
  readonly provider?: string;
}

/** What a redrive would do. It goes by this plan alone: hooks that die later are not in it. */
export interface RedrivePlan {
  /** The dead hooks, the longest dead first. */
  readonly hooks: readonly Hook[];
  readonly count: number;
  /** When the first and the last of them died, milliseconds since the epoch; undefined when there are none. */
  readonly oldest: number | undefined;
  readonly newest: number | undefined;
  /** How many of them each provider has, by name. */
  readonly providers: Readonly<Record<string, number>>;
  /** Rows that may be dead hooks, but could not be read: of a newer version, or spoiled. They are left as they are. */
  readonly unread: readonly UnreadRow[];
}

/** Finds the dead hooks that a redrive would send through the queue again. Changes nothing. */
export async function planRedrive(
  services: Pick<Services, "table" | "clock" | "random">,
  { session, provider }: RedriveFilter,
): Promise<RedrivePlan> {
  const accept = ({ sk }: { readonly sk: string }) =>
    provider === undefined ? sk.startsWith("HOOK#") : sk === `HOOK#${provider}`;
  const { rows, unread } =
    session === undefined
      ? await readRows(services, await findByState(services.table, "DEAD", accept), hookSchema)
      : parseRows(hookSchema, await queryHooks(services.table, session));
  const hooks = rows
    .filter((hook) => hook.status === "dead" && (provider === undefined || hook.provider === provider))
    .sort((a, b) => hookTime(a) - hookTime(b));
  const [first] = hooks;
  const last = hooks.at(-1);
  const counts = new Map<string, number>();
  for (const hook of hooks) counts.set(hook.provider, (counts.get(hook.provider) ?? 0) + 1);
  return {
    hooks,
    count: hooks.length,
    oldest: first && hookTime(first),
    newest: last && hookTime(last),
    providers: Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
    unread: unread.filter(accept),
  };
}
