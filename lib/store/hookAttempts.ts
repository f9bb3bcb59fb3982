import { type Hook, type HookAttempt, hookSchema } from "../domain/Hook.ts";
import type { HookJob } from "../domain/HookJob.ts";
import { LONG_UNFINISHED, mustDefer, overdueAt } from "../domain/hookSchedule.ts";
import type { Json } from "../domain/json.ts";
import type { Services, Table } from "../services/Services.ts";
import { stateKey } from "./dueIndex.ts";
import { hookKey, hookUpdate, refusedHook } from "./hooks.ts";
import { conditionHeld, updateItem } from "./updateItem.ts";
import { parseVersioned } from "./versions.ts";

/* The writes of a hook's row by the worker that makes an attempt, or asks what became of one. */

/** What a worker finds when it reaches for a hook. */
export type LeaseOutcome =
  /** It is ours until the lease is over. `crashed`: the attempt before this one ended without a word. */
  | { readonly outcome: "leased"; readonly hook: Hook; readonly lease: string; readonly crashed: boolean }
  /** It is not ours to do: the row as it is, undefined when there is none. */
  | { readonly outcome: "refused"; readonly hook: Hook | undefined };

/**
 * Takes the lease of a pending hook that is due, and counts the attempt, in one conditional write.
 *
 * @param until when the lease is over whatever happens, milliseconds since the epoch
 */
export async function leaseHook(services: Services, job: HookJob, until: number): Promise<LeaseOutcome> {
  const lease = { id: services.newId(), until };
  const update = hookUpdate(hookKey(job), {
    UpdateExpression: "SET lease = :lease, attempts = attempts + :one REMOVE isDeferred",
    ConditionExpression:
      "#status = :pending AND nextAttemptAt <= :now AND (attribute_not_exists(lease) OR lease.#until <= :now)",
    values: { lease, one: 1, pending: "pending", now: services.clock.now() },
    ReturnValues: "ALL_OLD",
  });
  try {
    const before = parseVersioned(hookSchema, await updateItem(services.table, update));
    const { lease: left, isDeferred: _, ...hook } = before;
    // Whoever ends an attempt gives the lease back.
    const crashed = left !== undefined;
    return { outcome: "leased", hook: { ...hook, attempts: hook.attempts + 1, lease }, lease: lease.id, crashed };
  } catch (error) {
    const hook = refusedHook(error);
    // The SDK repeats a write whose answer was lost; then it is our own lease that stands in the way.
    const isOurs = hook?.lease?.id === lease.id;
    return isOurs ? { outcome: "leased", hook, lease: lease.id, crashed: false } : { outcome: "refused", hook };
  }
}

/**
 * Failures that a hook row keeps, the last ones: enough to see a pattern. Five with 500 characters of message and 500 of
 * body each make the row some 6 KB, and so each write of it six units.
 */
const KEPT_FAILURES = 5;

/**
 * An attempt failed: the row says so, and when the next one is due, or that the hook is dead. That the provider has accepted
 * the session is forgotten unless `hook` says so: then it only could not be asked. Answers whether it was recorded; not when
 * the lease has passed to another worker, whose word counts then.
 */
export async function recordFailure(
  table: Table,
  hook: Hook,
  lease: string,
  failure: HookAttempt,
  next: { readonly retryAt: number } | { readonly deadAt: number },
): Promise<boolean> {
  const dead = "deadAt" in next;
  const now = failure.at + failure.took;
  const isDeferred = !dead && mustDefer(next.retryAt - now);
  const update = hookUpdate(hookKey(hook), {
    UpdateExpression:
      `SET failures = :failures, attempts = :attempts, #status = :status, #state = :state, #at = :at, ` +
      `${dead ? "deadAt" : "nextAttemptAt"} = :when${isDeferred ? ", isDeferred = :true REMOVE lease" : " REMOVE lease, isDeferred"}` +
      `${hook.accepted ? "" : ", accepted, acceptedAt, receipt"}`,
    ConditionExpression: "lease.id = :lease AND #status = :pending",
    values: {
      ...{ lease, pending: "pending", status: dead ? "dead" : "pending", ...(isDeferred ? { true: true } : {}) },
      ...{ failures: [...hook.failures, failure].slice(-KEPT_FAILURES), attempts: hook.attempts },
      ...{ when: dead ? next.deadAt : next.retryAt, state: stateKey(dead ? "DEAD" : "DUE", hook.session) },
      at: dead ? next.deadAt : visitAt({ ...hook, nextAttemptAt: next.retryAt, isDeferred }, now),
    },
  });
  return conditionHeld(updateItem(table, update));
}

/**
 * The provider has taken the session and works on it: the row says so, and when to ask it next. Answers whether it was
 * recorded; not when the lease has passed to another worker, whose word counts then.
 *
 * @param hook as it is to be, with its `accepted`, `acceptedAt` and receipt
 * @param times both in milliseconds since the epoch
 */
export async function recordAccepted(
  table: Table,
  hook: Hook,
  lease: string,
  { now, askAt }: { readonly now: number; readonly askAt: number },
): Promise<boolean> {
  const isDeferred = mustDefer(askAt - now);
  const update = hookUpdate(hookKey(hook), {
    UpdateExpression:
      `SET accepted = :accepted, acceptedAt = :since, receipt = :receipt, attempts = :zero, nextAttemptAt = :ask, #at = :at` +
      `${isDeferred ? ", isDeferred = :true REMOVE lease" : " REMOVE lease, isDeferred"}`,
    ConditionExpression: "lease.id = :lease AND #status = :pending",
    values: {
      ...{ lease, pending: "pending", zero: 0, ask: askAt, ...(isDeferred ? { true: true } : {}) },
      ...{ accepted: hook.accepted, since: hook.acceptedAt, receipt: hook.receipt ?? {} },
      at: visitAt({ ...hook, nextAttemptAt: askAt, isDeferred }, now),
    },
  });
  return conditionHeld(updateItem(table, update));
}

/**
 * When the sweep must look at it, milliseconds since the epoch: when it must be enqueued; but once it has been unfinished
 * for long, so that sweeps tell its age while it waits.
 */
function visitAt({ lease: _, ...hook }: Hook, now: number): number {
  return Math.min(overdueAt(hook), Math.max(now, hook.createdAt + LONG_UNFINISHED));
}

/** The provider has acknowledged, or has confirmed. Holds even if the lease is over: the session is with the provider. */
export async function recordDelivered(
  table: Table,
  hook: Hook,
  receipt: NonNullable<Hook["receipt"]>,
  now: number,
): Promise<void> {
  const update = hookUpdate(hookKey(hook), {
    UpdateExpression:
      `SET #status = :delivered, receipt = :receipt, deliveredAt = :now${hook.accepted ? ", attempts = :attempts" : ""} ` +
      "REMOVE #state, #at, lease, isDeferred, deadAt, discarded, accepted",
    ConditionExpression: "attribute_exists(pk)",
    values: {
      ...{ delivered: "delivered", receipt, now },
      ...(hook.accepted ? { attempts: hook.accepted.attempts } : {}),
    },
  });
  await updateItem(table, update);
}

/** Stores what the adapter needs to go on from after a crash. */
export async function recordCheckpoint(table: Table, hook: Hook, lease: string, checkpoint: Json): Promise<void> {
  const update = hookUpdate(hookKey(hook), {
    UpdateExpression: "SET checkpoint = :checkpoint",
    ConditionExpression: "lease.id = :lease",
    values: { checkpoint, lease },
  });
  await updateItem(table, update);
}
