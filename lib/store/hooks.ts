import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import * as v from "valibot";
import { parse } from "../adapter/schema/parse.ts";
import { type Hook, type HookAttempt, hookSchema } from "../domain/Hook.ts";
import type { HookJob } from "../domain/HookJob.ts";
import { LONG_UNFINISHED, mustDefer, overdueAfter, overdueAt } from "../domain/hookSchedule.ts";
import { isObject, type Json } from "../domain/json.ts";
import type { Services, Table } from "../services/Services.ts";
import { stateKey } from "./dueIndex.ts";
import { hookItem, type ItemKey } from "./keys.ts";
import { conditionHeld, type ItemUpdate, isConditionFailed, updateItem } from "./updateItem.ts";
import { parseVersioned, VERSION } from "./versions.ts";

/*
 * All writes of a hook's row: the delivery of one session to one memory provider. Each is one conditional write.
 * docs/design/states.md has the picture; `readHooks.ts` reads the rows.
 *
 *   none -> pending, skipped             putHook          the session is sealed, or replayed
 *   pending, deferred, accepted -> leased
 *                                        leaseHook        a worker begins an attempt, or asks what became of it
 *   leased -> pending, deferred, accepted, dead
 *                                        recordFailure    the attempt failed, or the provider could not be asked
 *   any -> delivered                     recordDelivered  the provider has acknowledged, or has confirmed
 *   leased -> accepted                   recordAccepted   the provider works on it: it is asked later
 *   pending -> deferred                  deferHook        the provider's breaker is open
 *   deferred -> pending                  recordVisit      the sweep enqueued it
 *   pending, deferred -> pending         bringForward     an operator wants it now
 *   dead -> pending, accepted            reviveHook       an operator redrives it
 *   delivered -> pending                 reopenHook       an operator replays it once more
 *   pending, deferred, accepted, dead -> discarded
 *                                        discardHook      an operator gives it up
 *   discarded -> pending, accepted, dead restoreRow       an operator takes that back
 *
 * `recordCheckpoint` and `postponeHook` leave the state as it is; so do `deferHook`, `recordVisit` and `bringForward` that of
 * an accepted one, which is off the queue or on it as any other.
 */

type Clocked = Pick<Services, "table" | "clock">;

interface HookUpdate {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  /** By their names without the colon. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly ReturnValues?: "ALL_OLD" | "ALL_NEW";
}

/** The update of a hook's row. Names that DynamoDB reserves stand in the expressions with `#`. */
function updateOf(Key: ItemKey, { values, ...update }: HookUpdate): ItemUpdate & { readonly UpdateExpression: string } {
  const names = `${update.UpdateExpression} ${update.ConditionExpression}`.match(/#\w+/g);
  return {
    ...{ Key, ...update },
    ...(names ? { ExpressionAttributeNames: Object.fromEntries(names.map((name) => [name, name.slice(1)])) } : {}),
    ExpressionAttributeValues: Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
  };
}

const keyOf = ({ session, provider }: Pick<Hook, "session" | "provider">) => hookItem(session, provider);

/** Writes a new hook's row. Answers false when the session has a hook of that provider already; that one stands. */
export async function putHook(table: Table, hook: Hook): Promise<boolean> {
  const waiting =
    hook.status === "pending"
      ? { state: stateKey("DUE", hook.session), at: hook.nextAttemptAt + overdueAfter(hook.enqueues) }
      : {};
  const Item = { ...keyOf(hook), v: VERSION, ...hook, ...waiting };
  const put = { TableName: table.name, Item, ConditionExpression: "attribute_not_exists(pk)" };
  return conditionHeld(table.client.send(new PutCommand(put)));
}

const refusedSchema = v.object({ Item: v.optional(v.custom<Parameters<typeof unmarshall>[0]>(isObject)) });

/** The hook as it stands, from the error of a write that its condition refused; undefined when there is none. */
function refusedHook(error: unknown): Hook | undefined {
  if (!isConditionFailed(error)) throw error;
  const item = parse(refusedSchema, error).Item;
  return item && parseVersioned(hookSchema, unmarshall(item));
}

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
  const update = updateOf(keyOf(job), {
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

/** What came of it; `refused`: it is not to be tried now in any case, and undefined when there is no row. */
export type DeferOutcome =
  | { readonly outcome: "deferred"; readonly hook: Hook }
  | { readonly outcome: "refused"; readonly hook: Hook | undefined };

/**
 * Lets a hook that is due wait behind its provider's open breaker: deferred until then, without an attempt. A job of it
 * that is on the queue finds nothing to do.
 *
 * @param times both in milliseconds since the epoch
 */
export async function deferHook(
  table: Table,
  key: ItemKey,
  times: { readonly now: number; readonly until: number },
): Promise<DeferOutcome> {
  const update = updateOf(key, {
    UpdateExpression: "SET nextAttemptAt = :until, #at = :until, isDeferred = :true",
    ConditionExpression:
      "#status = :pending AND nextAttemptAt <= :now AND (attribute_not_exists(lease) OR lease.#until <= :now)",
    values: { ...times, true: true, pending: "pending" },
    ReturnValues: "ALL_NEW",
  });
  try {
    return { outcome: "deferred", hook: parseVersioned(hookSchema, await updateItem(table, update)) };
  } catch (error) {
    return { outcome: "refused", hook: refusedHook(error) };
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
  const update = updateOf(keyOf(hook), {
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
  const update = updateOf(keyOf(hook), {
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
  const update = updateOf(keyOf(hook), {
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
  const update = updateOf(keyOf(hook), {
    UpdateExpression: "SET checkpoint = :checkpoint",
    ConditionExpression: "lease.id = :lease",
    values: { checkpoint, lease },
  });
  await updateItem(table, update);
}

/**
 * Says when the sweep must look at an unfinished hook next, and answers the hook; undefined when it is finished, or is
 * not due at `from` any more, as somebody else has looked at it or worked on it.
 *
 * @param visit both in milliseconds since the epoch; `from` may be left out
 * @throws NewerVersion
 */
export async function postponeHook(
  table: Table,
  key: ItemKey,
  { from, to }: { readonly from?: number; readonly to: number },
): Promise<Hook | undefined> {
  const update = updateOf(key, {
    UpdateExpression: "SET #at = :to",
    ConditionExpression: `#status = :pending${from === undefined ? "" : " AND #at = :from"}`,
    values: { to, pending: "pending", ...(from === undefined ? {} : { from }) },
    ReturnValues: "ALL_NEW",
  });
  try {
    return parseVersioned(hookSchema, await updateItem(table, update));
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    return undefined;
  }
}

/**
 * Notes that the sweep has looked at a pending hook, and has enqueued its job. Does nothing when a worker has taken the hook
 * up meanwhile: the worker says itself when it is due.
 *
 * @param visit `enqueues` counts what was lost; `at` is when to look again, milliseconds since the epoch
 */
export async function recordVisit(
  table: Table,
  hook: Hook,
  visit: { readonly at: number; readonly enqueued?: { readonly enqueues: number; readonly now: number } },
): Promise<void> {
  const update = updateOf(keyOf(hook), {
    UpdateExpression: visit.enqueued
      ? "SET #at = :at, enqueues = :enqueues, enqueuedAt = :now REMOVE isDeferred"
      : "SET #at = :at",
    ConditionExpression: "#status = :pending AND attempts = :attempts AND nextAttemptAt = :next",
    values: {
      ...{ at: visit.at, ...visit.enqueued },
      ...{ pending: "pending", attempts: hook.attempts, next: hook.nextAttemptAt },
    },
  });
  await conditionHeld(updateItem(table, update));
}

/**
 * Makes a pending hook due now, if it is still what was seen and no worker has it. Answers whether it was. Its attempts stay
 * counted. Should its job get lost, the sweep finds it as it does any other.
 */
export async function bringForward({ table, clock }: Clocked, hook: Hook): Promise<boolean> {
  const now = clock.now();
  const update = updateOf(keyOf(hook), {
    UpdateExpression: "SET nextAttemptAt = :now, #state = :due, #at = :at REMOVE isDeferred",
    ConditionExpression:
      "#status = :pending AND nextAttemptAt = :seen AND attempts = :attempts AND " +
      "(attribute_not_exists(lease) OR lease.#until <= :now)",
    values: {
      ...{ now, at: now + overdueAfter(0), due: stateKey("DUE", hook.session) },
      ...{ pending: "pending", seen: hook.nextAttemptAt, attempts: hook.attempts },
    },
  });
  return conditionHeld(updateItem(table, update));
}

/** The update that makes a dead hook pending again, if it is still that death. @param now milliseconds since the epoch */
export function revival(job: Pick<HookJob, "session" | "provider">, deadAt: number, now: number) {
  return updateOf(keyOf(job), {
    UpdateExpression:
      "SET #status = :pending, attempts = :zero, nextAttemptAt = :now, redrives = redrives + :one, " +
      "enqueues = :zero, redrivenAt = list_append(if_not_exists(redrivenAt, :none), :times), #state = :due, #at = :at " +
      "REMOVE deadAt, lease, isDeferred",
    ConditionExpression: "#status = :dead AND deadAt = :deadAt",
    values: { dead: "dead", deadAt, ...pendingAgain(job.session, now) },
  });
}

function pendingAgain(session: string, now: number) {
  return {
    ...{ pending: "pending", zero: 0, one: 1, now, none: [], times: [now] },
    ...{ due: stateKey("DUE", session), at: now + overdueAfter(0) },
  };
}

/** Makes a dead hook pending again, if it is still the death that is meant. Answers whether it was. */
export function reviveHook({ table, clock }: Clocked, job: HookJob, deadAt: number): Promise<boolean> {
  return conditionHeld(updateItem(table, revival(job, deadAt, clock.now())));
}

/**
 * Makes a delivered hook pending again, because an operator knows that it was delivered to the wrong place. Answers false
 * when it is not that delivery any more. The only way in which a hook leaves `delivered`.
 */
export async function reopenHook({ table, clock }: Clocked, hook: Hook): Promise<boolean> {
  const update = updateOf(keyOf(hook), {
    UpdateExpression:
      "SET #status = :pending, attempts = :zero, nextAttemptAt = :now, redrives = redrives + :one, enqueues = :zero, " +
      "redrivenAt = list_append(if_not_exists(redrivenAt, :none), :times), #state = :due, #at = :at " +
      "REMOVE deliveredAt, acceptedAt, receipt, checkpoint",
    ConditionExpression: "#status = :delivered AND deliveredAt = :seen",
    values: { delivered: "delivered", seen: hook.deliveredAt, ...pendingAgain(hook.session, clock.now()) },
  });
  return conditionHeld(updateItem(table, update));
}

/**
 * Gives up a dead or pending hook on an operator's word: it is skipped from now on, and keeps its transcript no longer than
 * `retention`. Answers false when it is not what the operator saw any more, or a worker has it.
 *
 * @param word who says so, and why
 */
export async function discardHook(
  { table, clock }: Clocked,
  hook: Hook,
  { by, why }: { readonly by: string; readonly why: string },
): Promise<boolean> {
  const { status, deadAt } = hook;
  if (status !== "dead" && status !== "pending") return false;
  const now = clock.now();
  const isDead = status === "dead";
  const update = updateOf(keyOf(hook), {
    UpdateExpression: "SET #status = :skipped, discarded = :discarded REMOVE #state, #at, lease, isDeferred",
    ConditionExpression: isDead
      ? "#status = :was AND deadAt = :seen"
      : "#status = :was AND nextAttemptAt = :seen AND (attribute_not_exists(lease) OR lease.#until <= :now)",
    values: {
      ...{ skipped: "skipped", was: status, discarded: { at: now, by, why, was: status } },
      ...(isDead ? { seen: deadAt } : { seen: hook.nextAttemptAt, now }),
    },
  });
  return conditionHeld(updateItem(table, update));
}

/**
 * Takes back a discarding: the hook is dead again since `deadAt`, or pending and due now. Answers false when it is not that
 * discarding any more, or the row is purged.
 *
 * @param discardedAt which discarding, milliseconds since the epoch; `now` and `deadAt` too
 */
export async function restoreRow(
  table: Table,
  hook: Hook,
  {
    discardedAt,
    deadAt,
    now,
  }: { readonly discardedAt: number; readonly deadAt: number | undefined; readonly now: number },
): Promise<boolean> {
  const isDead = deadAt !== undefined;
  const update = updateOf(keyOf(hook), {
    UpdateExpression: isDead
      ? "SET #status = :status, #state = :state, #at = :at REMOVE discarded"
      : "SET #status = :status, #state = :state, #at = :at, nextAttemptAt = :now REMOVE discarded",
    ConditionExpression: "#status = :skipped AND discarded.#at = :discardedAt",
    values: {
      ...{ skipped: "skipped", discardedAt, status: isDead ? "dead" : "pending" },
      state: stateKey(isDead ? "DEAD" : "DUE", hook.session),
      ...(isDead ? { at: deadAt } : { at: now + overdueAfter(hook.enqueues), now }),
    },
  });
  return conditionHeld(updateItem(table, update));
}
