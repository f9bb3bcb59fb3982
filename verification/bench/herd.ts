import { machine } from "./figures.ts";
import type { Herd } from "./herd/Herd.ts";
import { type Outcome, playHerd } from "./herd/playHerd.ts";
import { sweepHeap } from "./herd/sweepHeap.ts";

/**
 * `npm run bench:herd`: what a herd of sessions that fall due in one minute does to the gateway, and a provider that is
 * slower than sessions end. The gateway's own code runs on the simulation's model of AWS in virtual time, with as many
 * deliveries at once as the template allows and the CPU that a function of 256 MB has. Fails when anything is lost, sent
 * twice, or enqueued without an end. Arguments: how many sessions the herd has, and how many the slow provider gets.
 */

const [herdSize = 100_000, backlogSize = 10_000] = process.argv.slice(2).map(Number);

/** A sweep that needs more than this does not fit a function of 256 MB, bytes. */
const MOST_HEAP = 100_000_000;

/** Of one CPU, 0.4 ms a call as in verification/growth/limits.ts; 256 MB have a seventh of it. */
const callCpu = (0.4 * 1_769) / 256;

/** What `builtin` takes its time for is its own work, however slow the provider beside it is, milliseconds. */
const MOST_WAIT = 5_000;

const collect = globalThis.gc;

if (!collect) throw new Error("start it with --expose-gc");

console.log(machine());

const { heap, items } = await sweepHeap(collect);

console.log(`a sweep that finds every page full holds ${(heap / 1e6).toFixed(1)} MB for ${items} items`);

let failed = heap > MOST_HEAP;

const usual = { concurrency: 50, callCpu } as const;

await tell(`${herdSize} sessions due in one minute, a provider that takes 1 s`, {
  ...usual,
  sessions: herdSize,
  over: 60_000,
  providers: ["crm"],
  crm: 1_000,
});

await tell(`${backlogSize} sessions due in half an hour, a provider that takes 30 s beside a quick one`, {
  ...usual,
  sessions: backlogSize,
  over: 30 * 60_000,
  providers: ["crm", "builtin"],
  crm: 30_000,
});

process.exitCode = failed ? 1 : 0;

async function tell(title: string, herd: Herd): Promise<void> {
  const outcome = await playHerd(herd);
  const calls = [...outcome.calls.values()].reduce((sum, count) => sum + count, 0);
  console.log(`\n${title}
  late: median ${time(at(outcome.late, 0.5))}, 99 of 100 ${time(at(outcome.late, 0.99))}; all sealed after ${time(outcome.sealed)}`);
  for (const [name, { last, waits }] of outcome.delivered) {
    console.log(
      `  ${name}: all delivered after ${time(last)}; wait since the sealing: median ${time(at(waits, 0.5))}, longest ${time(at(waits, 1))}`,
    );
  }
  console.log(`  at most ${outcome.longestQueue} jobs on one queue, ${outcome.enqueuedAgain} enqueued again; of one job at most ${outcome.mostReceipts} receipts, ${outcome.mostAttempts} attempts
  ${(calls / herd.sessions).toFixed(2)} calls a session: ${byFunction(outcome, herd)}
  real CPU ${(outcome.cpu / 1000).toFixed(0)} s, ${(outcome.cpu / herd.sessions).toFixed(2)} ms a session, the model of AWS included`);
  for (const wrong of outcome.wrong) console.error(`  WRONG: ${wrong}`);
  const waited = at(outcome.delivered.get("builtin")?.waits ?? [0], 0.99);
  if (waited > MOST_WAIT) console.error(`  WRONG: of builtin's hooks 1 of 100 waited for ${time(waited)}`);
  failed ||= outcome.wrong.length > 0 || waited > MOST_WAIT;
}

function byFunction({ calls }: Outcome, { sessions }: Herd): string {
  const sums = new Map<string, number>();
  for (const [call, count] of calls) {
    const [name = ""] = call.split(" ");
    sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return [...sums].map(([name, count]) => `${name} ${(count / sessions).toFixed(2)}`).join(", ");
}

/** The value below which that share of them lies. */
function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function time(milliseconds: number): string {
  return milliseconds < 120_000 ? `${(milliseconds / 1000).toFixed(1)} s` : `${(milliseconds / 60_000).toFixed(1)} min`;
}
