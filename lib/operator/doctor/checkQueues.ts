import { queueDepth } from "../../runtime/queueDepth.ts";
import type { Queue } from "../../runtime/Services.ts";
import type { Gateway } from "../gateway/connect.ts";
import { type Finding, failed, ok } from "./Finding.ts";

/** The queues whose every message says that something failed, and what to do then. */
const FAILURES = [
  [
    "inbound dead letters",
    "inboundDeadLetters",
    "that could not be answered: npx vesper inbound ls, then npx vesper inbound redrive --all",
  ],
  [
    "session-end dead letters",
    "deadLetters",
    "of dead hooks: npx vesper hooks ls --status dead, then npx vesper hooks redrive --all",
  ],
  [
    "stream failures",
    "streamFailures",
    "of stream records that failed, whose sessions the sweep seals: see the expiry function's log, then purge the queue",
  ],
] as const;

/** How much waits on each queue. */
export async function checkQueues({ queues }: Gateway): Promise<readonly Finding[]> {
  const work = async (check: string, queue: Queue, whose = "") => {
    const { waiting, inFlight } = await queueDepth(queue);
    return ok(check, `${whose}${waiting} wait, ${inFlight} in flight`);
  };
  const failures = FAILURES.map(async ([check, queue, todo]) => {
    const { waiting, inFlight } = await queueDepth(queues[queue]);
    const depth = waiting + inFlight;
    return depth === 0 ? ok(check, "none") : failed(check, `${depth} ${todo}`);
  });
  const hooks = Array.from(queues.sessionEnd, ([provider, queue]) => work("session-end queue", queue, `${provider}: `));
  return Promise.all([work("inbound queue", queues.inbound), ...hooks, ...failures]);
}
