import { QueryCommand, type QueryCommandInput } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { parse } from "../adapter/schema/parse.ts";
import type { SessionEndQueues } from "../queues/sessionEndQueues.ts";
import { enqueueVisits } from "../queues/visitQueue.ts";
import { mapConcurrently } from "../runtime/async.ts";
import type { CoreServices, Queue, Table } from "../services/Services.ts";
import { BY_STATE, type StatePart, stateKeys } from "../store/dueIndex.ts";
import type { Due, HeldVisits } from "./HeldVisits.ts";
import { hookVisits } from "./hookVisits.ts";
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

/** Where the sweep's work goes on: hooks that are enqueued again, sessions that are visited at their moment. */
export interface ExpiryQueues {
  readonly sessionEnd: SessionEndQueues;
  readonly visits: Queue;
}

/**
 * Visits whatever is due, and has a queue bring the sessions that fall due within the next minute at their moment, so that
 * a session mostly ends within seconds of its deadline, and never early. Two sweeps at once do no harm. One visit that
 * fails holds up no other; it is made again by the next sweep.
 *
 * @param held what sweeps of this process have seen going on, which is visited when it is due indeed
 * @param deadline when the function is cut off, milliseconds since the epoch
 * @param share which part of what is due is this sweep's, where several share it; each part is measured by itself then
 */
export async function sweep(
  services: CoreServices,
  queues: ExpiryQueues,
  held: HeldVisits,
  deadline: number,
  share: StatePart = {},
): Promise<void> {
  const { clock, log, metrics } = services;
  const began = clock.now();
  const end = began + LOOK_AHEAD;
  held.forgetDue(began);
  const hooks = hookVisits(services, queues.sessionEnd);
  let [visited, failed] = [0, 0];
  const attempt = async (key: string, task: () => Promise<void>) => {
    try {
      await task();
    } catch (error) {
      failed++;
      log.error("visit.failed", error, { key });
    }
  };
  const isOver = () => clock.now() > deadline - SHUTDOWN_MARGIN_MS;
  for await (const found of pagesOfDue(services, end, share)) {
    if (isOver()) break;
    // First: a backlog may take all the time that there is. A hook can wait for the next sweep.
    const sessions = found.filter(({ sk }) => isSession(sk)).map((item) => ({ ...item, at: held.dueAt(item) }));
    const later = sessions.filter(({ at }) => at > began && at < end);
    await attempt("what is due within a minute", () => enqueueVisits(queues.visits, later, clock.now()));
    const due = found.filter((item) => held.dueAt(item) <= began);
    const again: Due[] = [];
    await mapConcurrently(due, CONCURRENCY, async (item) => {
      if (isOver()) return;
      visited++;
      await attempt(item.sk, async () => {
        const { pk, sk } = item;
        if (!isSession(sk)) return hooks.visit({ pk, sk }, item.at);
        const next = await visitSession(services, queues.sessionEnd, { pk, sk }, held.longest);
        if (!next) return;
        if (!next.isMoved) held.hold(item, next.at);
        if (next.at < end) again.push({ ...item, at: next.at });
      });
    });
    await attempt("what is due anew", () => enqueueVisits(queues.visits, again, clock.now()));
  }
  // Whenever the next sweep comes, it meets that hook.
  await attempt("the oldest hook", () => hooks.reportOldest(began));
  if (failed > 0) metrics.put("VisitFailed", failed, "Count");
  const { part = 0, of = 1 } = share;
  metrics.put("SweepDone", 1, "Count", of > 1 ? { Part: String(part) } : {});
  log.info("sweep.done", { due: visited, failed });
}

function isSession(sk: string): boolean {
  return sk.startsWith("SESSION#");
}

/**
 * What falls due before `end`, oldest first: the first page of each shard, then the second of each that has one, and so on.
 * A page is some 6,000 items, and no more than one of each shard is held, whatever has piled up.
 */
async function* pagesOfDue(
  { table }: CoreServices,
  end: number,
  share: StatePart,
): AsyncGenerator<readonly Due[], void, undefined> {
  let shards: readonly Shard[] = stateKeys("DUE", share).map((state) => ({ state }));
  while (shards.length > 0) {
    const pages = await Promise.all(shards.map((shard) => readPage(table, shard, end)));
    yield pages.flatMap(({ items }) => items).sort((a, b) => a.at - b.at);
    shards = pages.flatMap(({ state, next }) => (next ? [{ state, start: next }] : []));
  }
}

/** A part of the index, and where its next page begins. */
interface Shard {
  readonly state: string;
  readonly start?: NonNullable<QueryCommandInput["ExclusiveStartKey"]>;
}

async function readPage(table: Table, { state, start }: Shard, end: number) {
  const { Items = [], LastEvaluatedKey: next } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      IndexName: BY_STATE,
      KeyConditionExpression: "#state = :state AND #at < :end",
      ExpressionAttributeNames: { "#state": "state", "#at": "at" },
      ExpressionAttributeValues: { ":state": state, ":end": end },
      ...(start ? { ExclusiveStartKey: start } : {}),
    }),
  );
  return { state, items: Items.map((item) => parse(dueSchema, item)), next };
}
