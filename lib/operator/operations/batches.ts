import type { Hook } from "../../domain/Hook.ts";
import { mapConcurrently } from "../../runtime/async.ts";
import { discardHook } from "../../store/hookOperations.ts";
import { FilterError } from "../filter/FilterError.ts";
import { overlap } from "../filter/Period.ts";
import { parseHookFilter } from "../filter/parseFilter.ts";
import type { HookQuery, HookStatus } from "../filter/queries.ts";
import { forwardHooks } from "../forwardHook.ts";
import { type HookBatch, scanHooks } from "../listHooks.ts";
import { reviveHooks } from "../redrive.ts";
import { restoreHook } from "../restoreHook.ts";
import { type Batch, type BatchOptions, hookFact, hookTarget } from "./Batch.ts";
import { dlqBatches } from "./dlqBatches.ts";
import type { HookTools, Operation, Scope, Tools } from "./Operation.ts";
import { replayBatches } from "./replayBatches.ts";
import { replyBatches } from "./replyBatches.ts";

/** Hooks acted on at once: each is a small call or two. */
const CONCURRENCY = 16;

/** What can be done to hooks that there are. */
export type HookVerb = "redrive" | "forward" | "discard" | "restore";

type HookScope = Pick<Scope, "filter" | "before"> & { readonly verb: HookVerb };

/** The states of hooks that each verb is for; the first one unless the filter says another. */
const STATUSES: Readonly<Record<HookVerb, readonly HookStatus[]>> = {
  redrive: ["dead"],
  forward: ["pending", "accepted"],
  discard: ["dead", "pending", "accepted"],
  restore: ["discarded"],
};

/** Which hooks a verb with a filter is for. @throws FilterError */
function hookQueryOf(scope: HookScope): HookQuery {
  const { verb, filter, before } = scope;
  const query = parseHookFilter(filter, before);
  const [usual, ...others] = STATUSES[verb];
  const status = query.status ?? usual;
  if (status === undefined || (status !== usual && !others.includes(status))) {
    throw new FilterError(`${verb} is for hooks with status:${STATUSES[verb].join(" or status:")}, not ${status}`);
  }
  // What is pending is listed by its next attempt, which tells nothing of when it came.
  return { ...query, status, ...overlap(query, { until: before }) };
}

/** What a bulk action is for, batch by batch, the oldest first. @throws FilterError, CursorError, CommandFailed */
export function batches(
  tools: Tools,
  operation: Scope & Partial<Pick<Operation, "who" | "why">>,
  options: BatchOptions,
): AsyncGenerator<Batch> {
  const { verb } = operation;
  switch (verb) {
    case "replay":
      return replayBatches(tools, operation, options);
    case "send-replies":
    case "discard-replies":
      return replyBatches(tools, operation, options);
    case "redrive-inbound":
    case "discard-inbound":
      return dlqBatches(tools, operation, options);
    default:
      return hookBatches(tools, { ...operation, verb }, options);
  }
}

async function* hookBatches(
  tools: Tools,
  operation: HookScope & Partial<Pick<Operation, "who" | "why">>,
  options: BatchOptions,
): AsyncGenerator<Batch> {
  for await (const { hooks, unread, next } of scanScope(tools.services, operation, options)) {
    yield {
      targets: hooks.map(hookTarget),
      facts: hooks.map(hookFact),
      ...{ hooks, unread },
      act: async () => (await actOn(tools, operation.verb, operation, hooks)).map(hookTarget),
      ...(next === undefined ? {} : { next }),
    };
  }
}

async function* scanScope(
  services: Tools["services"],
  scope: HookScope,
  { page, cursor }: BatchOptions,
): AsyncGenerator<HookBatch> {
  const options = { page, ...(cursor === undefined ? {} : { cursor }) };
  for await (const batch of scanHooks(services, hookQueryOf(scope), options)) {
    const now = services.clock.now();
    yield { ...batch, hooks: batch.hooks.filter((hook) => scope.verb !== "forward" || waits(hook, scope.before, now)) };
  }
}

/**
 * Whether a pending hook can be brought forward: its next attempt is to come, and neither was the last one made since, nor its
 * provider asked. One that is forwarded stands further behind in the list, and would be met there again and again.
 */
function waits({ nextAttemptAt, failures, accepted }: Hook, before: number, now: number): boolean {
  return nextAttemptAt > now && (failures.at(-1)?.at ?? 0) < before && (accepted?.heardAt ?? 0) < before;
}

/** Acts on hooks, each if it is still what was seen. Answers those that are done. */
export async function actOn(
  { services, queues }: HookTools,
  verb: HookVerb,
  { who = "", why = "no reason given" }: Partial<Pick<Operation, "who" | "why">>,
  hooks: readonly Hook[],
): Promise<readonly Hook[]> {
  if (verb === "redrive") return reviveHooks(services, queues.sessionEnd, hooks);
  if (verb === "forward") return forwardHooks(services, queues.sessionEnd, hooks);
  const done: Hook[] = [];
  await mapConcurrently(hooks, CONCURRENCY, async (hook) => {
    const isDone =
      verb === "discard"
        ? await discardHook(services, hook, { by: who, why })
        : await restoreHook(services, queues, hook);
    if (isDone) done.push(hook);
  });
  return done;
}
