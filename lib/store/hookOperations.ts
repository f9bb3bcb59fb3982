import type { Hook } from "../domain/Hook.ts";
import type { HookJob } from "../domain/HookJob.ts";
import { overdueAfter } from "../domain/hookSchedule.ts";
import type { Services, Table } from "../services/Services.ts";
import { stateKey } from "./dueIndex.ts";
import { hookKey, hookUpdate } from "./hooks.ts";
import { conditionHeld, updateItem } from "./updateItem.ts";

/* The writes of a hook's row that an operator asks for. */

type Clocked = Pick<Services, "table" | "clock">;

/**
 * Makes a pending hook due now, if it is still what was seen and no worker has it. Answers whether it was. Its attempts stay
 * counted. Should its job get lost, the sweep finds it as it does any other.
 */
export async function bringForward({ table, clock }: Clocked, hook: Hook): Promise<boolean> {
  const now = clock.now();
  const update = hookUpdate(hookKey(hook), {
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
  return hookUpdate(hookKey(job), {
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
  const update = hookUpdate(hookKey(hook), {
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
  const update = hookUpdate(hookKey(hook), {
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
  const update = hookUpdate(hookKey(hook), {
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
