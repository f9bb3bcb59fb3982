import type { SQSRecord } from "aws-lambda";
import { enqueueVisits, type LaterVisit, visitJobSchema } from "../queues/visitQueue.ts";
import { parseJob } from "../queues/workQueue.ts";
import { mapConcurrently } from "../runtime/async.ts";
import type { CoreServices } from "../services/Services.ts";
import type { ItemKey } from "../store/keys.ts";
import { LONGEST_HELD } from "./HeldVisits.ts";
import type { ExpiryQueues } from "./sweep.ts";
import { visitSession } from "./visitSession.ts";

/** Sessions due within so many milliseconds may fall due before the next sweep. */
const SOON = 60_000;

/** Visits under way at once: each is a few small calls, mostly waiting. */
const CONCURRENCY = 16;

/**
 * Visits the sessions that a sweep has put on the queue for this moment. Each stands in the table as due, so that a visit
 * which fails is the next sweep's to make and its message of no use any more.
 */
export async function visitFromQueue(
  services: CoreServices,
  { sessionEnd, visits }: ExpiryQueues,
  records: readonly SQSRecord[],
): Promise<void> {
  const { clock, log, metrics } = services;
  const again: LaterVisit[] = [];
  const attempt = async (key: string, task: () => Promise<void> | void) => {
    try {
      await task();
    } catch (error) {
      log.error("visit.failed", error, { key });
      metrics.put("VisitFailed", 1, "Count");
    }
  };
  const keys: ItemKey[] = [];
  for (const { body, messageId } of records) {
    await attempt(messageId, () => void keys.push(...parseJob(visitJobSchema, body).sessions));
  }
  await mapConcurrently(keys, CONCURRENCY, (key) =>
    attempt(key.sk, async () => {
      const next = await visitSession(services, sessionEnd, key, LONGEST_HELD);
      if (next && next.at < clock.now() + SOON) again.push({ ...key, at: next.at });
    }),
  );
  await enqueueVisits(visits, again, clock.now());
}
