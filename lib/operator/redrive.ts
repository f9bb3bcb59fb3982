import { TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { type Hook, hookSchema } from "../domain/Hook.ts";
import { jobOf } from "../domain/HookJob.ts";
import { enqueueByProvider } from "../queues/enqueueHooks.ts";
import { type HookQueues, queueOf, type SessionEndQueues } from "../queues/sessionEndQueues.ts";
import { mapConcurrently } from "../runtime/async.ts";
import type { Services } from "../services/Services.ts";
import { queryHooks, revival, reviveHook } from "../store/hooks.ts";
import { unlessNewer } from "../store/updateItem.ts";
import { clearDeadLetters } from "./clearDeadLetters.ts";
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
  services: Pick<Services, "table" | "clock">,
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
  services: Pick<Services, "table" | "clock">,
  queues: HookQueues,
  hooks: readonly Hook[],
): Promise<RedrivenHooks> {
  const revived = await reviveHooks(services, queues.sessionEnd, hooks);
  return { revived, cleared: await clearDeadLetters(services.table, queues.deadLetters) };
}

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
