import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { parse } from "../adapter/schema/parse.ts";
import type { SessionEndQueues } from "../queues/sessionEndQueues.ts";
import { mapConcurrently } from "../runtime/async.ts";
import type { CoreServices } from "../services/Services.ts";
import { BY_STATE, type StatePart, stateKeys } from "../store/dueIndex.ts";
import { type HookVisits, hookVisits } from "./hookVisits.ts";
import { visitSession } from "./visitSession.ts";

/**
 * How far a sweep looks ahead, milliseconds: the minute until the next one. The scheduler calls each at any second of its
 * minute, so that the next one may come 119 s later, and what falls due after the first 60 of them is up to 59 s late.
 * Looking further ahead would have most sessions visited by two sweeps, each for a write unit.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
const LOOK_AHEAD = 60_000;

/** Visits under way at once: each is a few small calls, mostly waiting. */
const CONCURRENCY = 16;

/** Visits that are not begun any more this long before the function's end, milliseconds; the next sweep makes them. */
const SHUTDOWN_MARGIN_MS = 10_000;

const dueSchema = v.object({ pk: v.string(), sk: v.string(), at: v.number() });

type Due = v.InferOutput<typeof dueSchema>;

/**
 * Visits whatever is due, and what falls due within the next minute at its very moment, so that a session mostly ends
 * within seconds of its deadline, and never early. Two sweeps at once do no harm. One visit that fails holds up no
 * other; it is made again by the next sweep.
 *
 * @param deadline when the function is cut off, milliseconds since the epoch
 * @param share which part of what is due is this sweep's, where several share it; each part is measured by itself then
 */
export async function sweep(
  services: CoreServices,
  queues: SessionEndQueues,
  deadline: number,
  share: StatePart = {},
): Promise<void> {
  const { clock, log, metrics } = services;
  const end = clock.now() + LOOK_AHEAD;
  const due = await findDue(services, end, share);
  const again: Due[] = [];
  const hooks = hookVisits(services, queues);
  let failed = 0;
  await mapConcurrently(inOrder(due, again), CONCURRENCY, async (item) => {
    await clock.until(item.at);
    if (clock.now() > deadline - SHUTDOWN_MARGIN_MS) return;
    try {
      const at = await visit(services, queues, hooks, item);
      if (at !== undefined && at < end) again.push({ ...item, at });
    } catch (error) {
      failed++;
      log.error("visit.failed", error, { key: item.sk });
    }
  });
  try {
    await hooks.reportOldest(end);
  } catch (error) {
    failed++;
    log.error("visit.failed", error, { key: "the oldest hook" });
  }
  if (failed > 0) metrics.put("VisitFailed", failed, "Count");
  const { part = 0, of = 1 } = share;
  metrics.put("SweepDone", 1, "Count", of > 1 ? { Part: String(part) } : {});
  log.info("sweep.done", { due: due.length, failed });
}

/** Draws from both lists what is due first; `again` may grow while it is drawn from. */
function inOrder(due: readonly Due[], again: Due[]): Iterable<Due> {
  let index = 0;
  const next = (): IteratorResult<Due> => {
    again.sort((a, b) => b.at - a.at);
    const repeated = again.at(-1);
    const fresh = due[index];
    const first = repeated && repeated.at < (fresh?.at ?? Number.POSITIVE_INFINITY) ? again.pop() : fresh;
    if (first === fresh) index++;
    return first ? { value: first, done: false } : { value: undefined, done: true };
  };
  return { [Symbol.iterator]: () => ({ next }) };
}

/**
 * The first page of each shard, which is some 6,000 items: more than a sweep has time for, and never more than its memory
 * holds, whatever has piled up. The next sweep reads on.
 */
async function findDue({ table }: CoreServices, end: number, share: StatePart): Promise<readonly Due[]> {
  const shards = await Promise.all(
    stateKeys("DUE", share).map(async (state) => {
      const { Items = [] } = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          IndexName: BY_STATE,
          KeyConditionExpression: "#state = :state AND #at < :end",
          ExpressionAttributeNames: { "#state": "state", "#at": "at" },
          ExpressionAttributeValues: { ":state": state, ":end": end },
        }),
      );
      return Items.map((item) => parse(dueSchema, item));
    }),
  );
  return shards.flat().sort((a, b) => a.at - b.at);
}

async function visit(
  services: CoreServices,
  queues: SessionEndQueues,
  hooks: HookVisits,
  { pk, sk, at }: Due,
): Promise<number | undefined> {
  if (sk.startsWith("SESSION#")) return visitSession(services, queues, { pk, sk });
  await hooks.visit({ pk, sk }, at);
  return undefined;
}
