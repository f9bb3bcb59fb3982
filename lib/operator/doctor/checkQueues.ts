import { queueDepth } from "../../queues/queueDepth.ts";
import type { Queue } from "../../services/Services.ts";
import type { Gateway } from "../gateway/connect.ts";
import { oldestDue } from "../oldestDue.ts";
import { when } from "../plain.ts";
import { type Finding, failed, ok } from "./Finding.ts";

/** The queues whose every message says that something failed, and what to do then. */
const FAILURES = [
  [
    "inbound dead letters",
    "inboundDlq",
    "that could not be answered: npx vesper inbound ls, then npx vesper inbound redrive --all",
  ],
  [
    "session-end dead letters",
    "dlq",
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

/** The sweep comes each minute and looks a minute ahead; what is this much overdue it has missed several times. */
const OVERDUE = 5 * 60_000;

/** Whether the sweep keeps up: nothing that it must visit is overdue. */
export async function checkDue({ services, address }: Gateway): Promise<readonly Finding[]> {
  const now = services.clock.now();
  const oldest = await oldestDue(services);
  if (!oldest) return [ok("oldest due", "nothing is waited for")];
  const what = oldest.sk.startsWith("HOOK#")
    ? `hook ${oldest.sk.slice(5)} of ${oldest.pk.slice(8)}`
    : oldest.sk.slice(8);
  const found = `${what} ${oldest.at < now ? "was" : "is"} due ${when(oldest.at, now)}`;
  if (oldest.at > now - OVERDUE) return [ok("oldest due", found)];
  const log = address.deployment?.outputs.ExpiryFunctionName ?? "the expiry function";
  return [failed("oldest due", `${found}: the sweep does not do its work; see the log of ${log}`)];
}
