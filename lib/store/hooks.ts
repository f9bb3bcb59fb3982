import { PutCommand, paginateQuery } from "@aws-sdk/lib-dynamodb";
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

/** A session's hook rows, by provider name (a consistent read). */
export async function loadHooks(table: Table, session: string): Promise<readonly Hook[]> {
  return (await queryHooks(table, session)).map((item) => parseVersioned(hookSchema, item));
}

/** A session's hook rows as they stand in the table, by provider name (a consistent read). */
export async function queryHooks(table: Table, session: string): Promise<readonly Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  const pages = paginateQuery(
    { client: table.client },
    {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
      ExpressionAttributeValues: { ":pk": `SESSION#${session}`, ":prefix": "HOOK#" },
      ConsistentRead: true,
    },
  );
  for await (const page of pages) items.push(...(page.Items ?? []));
  return items;
}

/** Writes a new hook's row. Answers false when the session has a hook of that provider already; that one stands. */
export async function putHook(table: Table, hook: Hook): Promise<boolean> {
  const waiting =
    hook.status === "pending"
      ? { state: stateKey("DUE", hook.session), at: hook.nextAttemptAt + overdueAfter(hook.enqueues) }
      : {};
  return conditionHeld(
    table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...hookItem(hook.session, hook.provider), v: VERSION, ...hook, ...waiting },
        ConditionExpression: "attribute_not_exists(pk)",
      }),
    ),
  );
}

const refusedSchema = v.object({ Item: v.optional(v.custom<Parameters<typeof unmarshall>[0]>(isObject)) });

/** The hook as it stands, from the error of a write that its condition refused; undefined when there is none. */
function refusedHook(error: unknown): Hook | undefined {
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
  const { table, clock } = services;
  const now = clock.now();
  const lease = services.newId();
  try {
    const before = await updateItem(table, {
      Key: hookItem(job.session, job.provider),
      UpdateExpression: "SET lease = :lease, attempts = attempts + :one REMOVE isDeferred",
      ConditionExpression:
        "#status = :pending AND nextAttemptAt <= :now AND (attribute_not_exists(lease) OR lease.#until <= :now)",
      ExpressionAttributeNames: { "#status": "status", "#until": "until" },
      ExpressionAttributeValues: { ":lease": { id: lease, until }, ":one": 1, ":pending": "pending", ":now": now },
      ReturnValues: "ALL_OLD",
    });
    const { lease: left, isDeferred: _, ...hook } = parseVersioned(hookSchema, before);
    return {
      outcome: "leased",
      hook: { ...hook, attempts: hook.attempts + 1, lease: { id: lease, until } },
      lease,
      // Whoever ends an attempt gives the lease back.
      crashed: left !== undefined,
    };
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    const hook = refusedHook(error);
    // The SDK repeats a write whose answer was lost; then it is our own lease that stands in the way.
    return hook?.lease?.id === lease
      ? { outcome: "leased", hook, lease, crashed: false }
      : { outcome: "refused", hook };
  }
}

/** What came of it. */
export type DeferOutcome =
  | { readonly outcome: "deferred"; readonly hook: Hook }
  /** It is not to be tried now in any case: the row as it is, undefined when there is none. */
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
  { now, until }: { readonly now: number; readonly until: number },
): Promise<DeferOutcome> {
  try {
    const attributes = await updateItem(table, {
      Key: key,
      UpdateExpression: "SET nextAttemptAt = :until, #at = :until, isDeferred = :true",
      ConditionExpression:
        "#status = :pending AND nextAttemptAt <= :now AND (attribute_not_exists(lease) OR lease.#until <= :now)",
      ExpressionAttributeNames: { "#status": "status", "#until": "until", "#at": "at" },
      ExpressionAttributeValues: { ":until": until, ":now": now, ":true": true, ":pending": "pending" },
      ReturnValues: "ALL_NEW",
    });
    return { outcome: "deferred", hook: parseVersioned(hookSchema, attributes) };
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    return { outcome: "refused", hook: refusedHook(error) };
  }
}

/**
 * Failures that a hook row keeps, the last ones: enough to see a pattern. Five with 500 characters of message and 500 of
 * body each make the row some 6 KB, and so each write of it six units.
 */
const KEPT_FAILURES = 5;

/**
 * An attempt failed: the row says so, and when the next one is due, or that the hook is dead. Answers whether it was
 * recorded; not when the lease has passed to another worker, whose word counts then.
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
  const failures = [...hook.failures, failure].slice(-KEPT_FAILURES);
  return conditionHeld(
    updateItem(table, {
      Key: hookItem(hook.session, hook.provider),
      UpdateExpression:
        `SET failures = :failures, attempts = :attempts, #status = :status, #state = :state, #at = :at, ` +
        `${dead ? "deadAt" : "nextAttemptAt"} = :when${isDeferred ? ", isDeferred = :true REMOVE lease" : " REMOVE lease, isDeferred"}`,
      ConditionExpression: "lease.id = :lease AND #status = :pending",
      ExpressionAttributeNames: { "#status": "status", "#state": "state", "#at": "at" },
      ExpressionAttributeValues: {
        ":failures": failures,
        ":attempts": hook.attempts,
        ...(isDeferred ? { ":true": true } : {}),
        ":status": dead ? "dead" : "pending",
        ":pending": "pending",
        ":when": dead ? next.deadAt : next.retryAt,
        ":state": stateKey(dead ? "DEAD" : "DUE", hook.session),
        ":at": dead ? next.deadAt : visitAt({ ...hook, nextAttemptAt: next.retryAt, isDeferred }, now),
        ":lease": lease,
      },
    }),
  );
}

/**
 * When the sweep must look at it, milliseconds since the epoch: when it must be enqueued; but once it has been unfinished
 * for long, so that sweeps tell its age while it waits.
 */
function visitAt({ lease: _, ...hook }: Hook, now: number): number {
  return Math.min(overdueAt(hook), Math.max(now, hook.createdAt + LONG_UNFINISHED));
}

/** The provider has acknowledged. Holds even if the lease is over: the session is with the provider. */
export async function recordDelivered(
  table: Table,
  hook: Hook,
  receipt: NonNullable<Hook["receipt"]>,
  now: number,
): Promise<void> {
  await updateItem(table, {
    Key: hookItem(hook.session, hook.provider),
    UpdateExpression:
      "SET #status = :delivered, receipt = :receipt, deliveredAt = :now REMOVE #state, #at, lease, isDeferred, deadAt, discarded",
    ConditionExpression: "attribute_exists(pk)",
    ExpressionAttributeNames: { "#status": "status", "#state": "state", "#at": "at" },
    ExpressionAttributeValues: { ":delivered": "delivered", ":receipt": receipt, ":now": now },
  });
}

/** Stores what the adapter needs to go on from after a crash. */
export async function recordCheckpoint(table: Table, hook: Hook, lease: string, checkpoint: Json): Promise<void> {
  await updateItem(table, {
    Key: hookItem(hook.session, hook.provider),
    UpdateExpression: "SET checkpoint = :checkpoint",
    ConditionExpression: "lease.id = :lease",
    ExpressionAttributeValues: { ":checkpoint": checkpoint, ":lease": lease },
  });
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
  try {
    const attributes = await updateItem(table, {
      Key: key,
      UpdateExpression: "SET #at = :to",
      ConditionExpression: `#status = :pending${from === undefined ? "" : " AND #at = :from"}`,
      ExpressionAttributeNames: { "#at": "at", "#status": "status" },
      ExpressionAttributeValues: { ":to": to, ":pending": "pending", ...(from === undefined ? {} : { ":from": from }) },
      ReturnValues: "ALL_NEW",
    });
    return parseVersioned(hookSchema, attributes);
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    return undefined;
  }
}

/** The update that makes a dead hook pending again, if it is still that death. @param now milliseconds since the epoch */
export function revival(
  job: Pick<HookJob, "session" | "provider">,
  deadAt: number,
  now: number,
): ItemUpdate & { readonly UpdateExpression: string } {
  return {
    Key: hookItem(job.session, job.provider),
    UpdateExpression:
      "SET #status = :pending, attempts = :zero, nextAttemptAt = :now, redrives = redrives + :one, " +
      "enqueues = :zero, redrivenAt = list_append(if_not_exists(redrivenAt, :none), :times), #state = :due, #at = :at " +
      "REMOVE deadAt, lease, isDeferred",
    ConditionExpression: "#status = :dead AND deadAt = :deadAt",
    ExpressionAttributeNames: { "#status": "status", "#state": "state", "#at": "at" },
    ExpressionAttributeValues: {
      ":pending": "pending",
      ":dead": "dead",
      ":deadAt": deadAt,
      ":zero": 0,
      ":one": 1,
      ":none": [],
      ":times": [now],
      ":now": now,
      ":due": stateKey("DUE", job.session),
      ":at": now + overdueAfter(0),
    },
  };
}

/** Makes a dead hook pending again, if it is still the death that is meant. Answers whether it was. */
export function reviveHook(
  { table, clock }: Pick<Services, "table" | "clock">,
  job: HookJob,
  deadAt: number,
): Promise<boolean> {
  return conditionHeld(updateItem(table, revival(job, deadAt, clock.now())));
}

/**
 * Makes a delivered hook pending again, because an operator knows that it was delivered to the wrong place. Answers false
 * when it is not that delivery any more. The only way in which a hook leaves `delivered`.
 */
export async function reopenHook(
  { table, clock }: Pick<Services, "table" | "clock">,
  { session, provider, deliveredAt }: Hook,
): Promise<boolean> {
  const now = clock.now();
  return conditionHeld(
    updateItem(table, {
      Key: hookItem(session, provider),
      UpdateExpression:
        "SET #status = :pending, attempts = :zero, nextAttemptAt = :now, redrives = redrives + :one, enqueues = :zero, " +
        "redrivenAt = list_append(if_not_exists(redrivenAt, :none), :times), #state = :due, #at = :at " +
        "REMOVE deliveredAt, receipt, checkpoint",
      ConditionExpression: "#status = :delivered AND deliveredAt = :seen",
      ExpressionAttributeNames: { "#status": "status", "#state": "state", "#at": "at" },
      ExpressionAttributeValues: {
        ...{
          ":pending": "pending",
          ":delivered": "delivered",
          ":seen": deliveredAt,
          ":zero": 0,
          ":one": 1,
          ":now": now,
        },
        ...{ ":none": [], ":times": [now], ":due": stateKey("DUE", session), ":at": now + overdueAfter(0) },
      },
    }),
  );
}

/**
 * Gives up a dead or pending hook on an operator's word: it is skipped from now on, and keeps its transcript no longer than
 * `retention`. Answers false when it is not what the operator saw any more, or a worker has it.
 *
 * @param word who says so, and why
 */
export async function discardHook(
  { table, clock }: Pick<Services, "table" | "clock">,
  hook: Hook,
  { by, why }: { readonly by: string; readonly why: string },
): Promise<boolean> {
  const { status, deadAt } = hook;
  if (status !== "dead" && status !== "pending") return false;
  const now = clock.now();
  const isDead = status === "dead";
  return conditionHeld(
    updateItem(table, {
      Key: hookItem(hook.session, hook.provider),
      UpdateExpression: "SET #status = :skipped, discarded = :discarded REMOVE #state, #at, lease, isDeferred",
      ConditionExpression: isDead
        ? "#status = :was AND deadAt = :seen"
        : "#status = :was AND nextAttemptAt = :seen AND (attribute_not_exists(lease) OR lease.#until <= :now)",
      ExpressionAttributeNames: {
        ...{ "#status": "status", "#state": "state", "#at": "at" },
        ...(isDead ? {} : { "#until": "until" }),
      },
      ExpressionAttributeValues: {
        ...{ ":skipped": "skipped", ":was": status, ":discarded": { at: now, by, why, was: status } },
        ...(isDead ? { ":seen": deadAt } : { ":seen": hook.nextAttemptAt, ":now": now }),
      },
    }),
  );
}
