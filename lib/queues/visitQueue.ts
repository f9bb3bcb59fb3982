import * as v from "valibot";
import type { Queue } from "../services/Services.ts";
import type { ItemKey } from "../store/keys.ts";
import { sendBatches } from "./sendBatches.ts";
import { sqsBatch } from "./sqsBatch.ts";

/** What stands on the visit queue: open sessions that are to be looked at, by the keys of their rows. */
export const visitJobSchema = v.object({
  v: v.picklist([1]),
  sessions: v.array(v.object({ pk: v.string(), sk: v.string() })),
});

/** A visit and its moment. */
export interface LaterVisit extends ItemKey {
  /** Milliseconds since the epoch, a minute from now at the most. */
  readonly at: number;
}

/** Visits of so many seconds come together, at the end of them: each message is three requests and an invocation. */
const TOGETHER = 5;

/** The most of one message: as many take a function some 500 ms. */
const MOST = 100;

/**
 * Has the queue bring each visit at its moment or up to five seconds later, and never earlier. One that is lost, or can't be
 * sent, is made by the next sweep.
 *
 * @param now milliseconds since the epoch
 */
export async function enqueueVisits(queue: Queue, visits: readonly LaterVisit[], now: number): Promise<void> {
  const moments = Map.groupBy(visits, ({ at }) => Math.max(0, Math.ceil((at - now) / 1000 / TOGETHER) * TOGETHER));
  const jobs = [...moments].flatMap(([delay, due]) => chunks(due).map((sessions) => ({ delay, sessions })));
  await sendBatches(
    sqsBatch(queue),
    jobs.map(({ delay, sessions }, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify({
        v: 1,
        sessions: sessions.map(({ pk, sk }) => ({ pk, sk })),
      } satisfies v.InferOutput<typeof visitJobSchema>),
      DelaySeconds: delay,
    })),
  );
}

function chunks(visits: readonly LaterVisit[]): readonly (readonly LaterVisit[])[] {
  return Array.from({ length: Math.ceil(visits.length / MOST) }, (_, at) => visits.slice(at * MOST, (at + 1) * MOST));
}
