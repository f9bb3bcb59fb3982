import type { Poller } from "../Poller.ts";
import { pause } from "../pause.ts";
import type { ParsedSchedule } from "./parseSchedule.ts";

/** The longest that one timer runs, milliseconds: an hour. A machine that slept notices within it. */
const LONGEST_PAUSE_MS = 3_600_000;

/** This late, milliseconds, the calls between were missed. */
const MISSED_MS = 60_000;

/** A schedule that runs. */
export interface RunningSchedule extends Poller {
  /** Looks at the clock anew, as after a stop: it was moved. */
  restart(): void;
}

/**
 * Runs a schedule. Its calls are asynchronous, as on AWS: a call that takes longer than the interval does not hold up
 * the next. After a stop the first call of a rate comes at once, so what fell due meanwhile does not wait.
 *
 * @param call makes one call; it handles its own failure
 */
export function runSchedule(schedule: ParsedSchedule, call: () => void): RunningSchedule {
  let ending = new AbortController();
  let running: Promise<unknown> = loop(schedule, call, ending.signal);
  return {
    restart() {
      ending.abort();
      ending = new AbortController();
      running = Promise.all([running, loop(schedule, call, ending.signal)]);
    },
    async stop() {
      ending.abort();
      await running;
    },
  };
}

async function loop(schedule: ParsedSchedule, call: () => void, signal: AbortSignal): Promise<void> {
  if (schedule.kind === "rate") call();
  for (let due = next(schedule, Date.now()); due !== undefined; due = next(schedule, due)) {
    while (Date.now() < due && !signal.aborted) await pause(Math.min(due - Date.now(), LONGEST_PAUSE_MS), signal);
    if (signal.aborted) return;
    call();
    // Calls that a sleeping machine missed are not made up for.
    if (Date.now() - due > MISSED_MS) due = Date.now();
  }
}

function next(schedule: ParsedSchedule, after: number): number | undefined {
  if (schedule.kind === "rate") return after + schedule.every;
  return schedule.next(new Date(after))?.getTime();
}
