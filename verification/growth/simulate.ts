import type { Design } from "./Design.ts";
import { costs, limits, times } from "./limits.ts";

/** What became of a herd of sessions that fell due at once. Times in seconds after the first deadline. */
export interface Outcome {
  /** When the last session was ended, sealed, delivered. `undefined`: not within three days. */
  readonly ended?: number;
  readonly sealed?: number;
  readonly delivered?: number;
  /** How late a session ended, 99 of 100. */
  readonly lateness?: number;
  /** The longest that a session of nobody's herd had to wait for the sweep meanwhile. */
  readonly others: number;
  /** Jobs that were enqueued though theirs was only waiting in a long queue. */
  readonly repeated: number;
}

/** Hooks that were sealed in one second and not delivered when they were last looked at. */
interface Cohort {
  /** When the sweep takes their jobs for lost. */
  readonly due: number;
  readonly firstSealed: number;
  readonly count: number;
  readonly enqueues: number;
}

/** Steps of one second after which it is given up: three days. */
const MAX_SECONDS = 3 * 86_400;

/** Jobs in the queue from which it counts as long: lib/expiry/hookVisits.ts */
const LONG_QUEUE = 1_000;

/**
 * Plays a herd through the gateway's stages, a second a step: what a sweep saw coming is ended as the visit queue brings it,
 * the rest by later sweeps; it is sealed from the stream, and delivered. Each stage is as fast as its functions and the
 * table let it be. Pure.
 */
export function simulate(design: Design, sessions: number): Outcome {
  const cpu = design.expiryMemory / limits.memoryOfOneCpu;
  const visits = design.sweeps * rate(costs.calls.expire, costs.visitsAtOnce, cpu);
  const queueVisits = design.sweeps * costs.batchesASweep * rate(costs.calls.expire, costs.queuedAtOnce, cpu);
  const pace = visits + queueVisits;
  const sealers = Math.ceil(design.writes / limits.partitionWrites) * design.parallelization;
  const sealings = sealers * rate(costs.calls.seal, costs.sealingsAtOnce, cpu);
  const calendar = new Map<number, Cohort[]>();
  const overdue: Cohort[] = [];
  let [ended, sealed, delivered, repeatedJobs, repeated, others] = [0, 0, 0, 0, 0, 0];
  /** Sessions that were overdue when the last sweep began, and those that sweeps have queued. */
  let [backlog, queued] = [0, 0];
  const done: { ended?: number; sealed?: number; delivered?: number; lateness?: number } = {};
  let step = 0;
  for (; step < MAX_SECONDS && delivered < sessions - 0.5; step++) {
    const budget = { table: design.writes, index: design.writes, due: design.shards * limits.partitionWrites };

    const workers = workersAt(step, design.deliveries);
    const spent = Math.min(repeatedJobs, workers / costs.repeatedSeconds);
    const free = workers - spent * costs.repeatedSeconds;
    repeatedJobs -= spent;
    const wanted = Math.min(sealed - delivered, free / (design.provider + costs.deliverSeconds));
    delivered += take(budget, costs.deliver, wanted);

    const sealing = take(budget, costs.seal, Math.min(ended - sealed, sealings));
    if (sealing > 0)
      schedule(calendar, { due: step + times.overdueAfter, firstSealed: sealed, count: sealing, enqueues: 0 });
    sealed += sealing;

    overdue.push(...(calendar.get(step) ?? []));
    calendar.delete(step);
    const pending = sealed - delivered;
    const spares = pending + repeatedJobs > LONG_QUEUE;
    const weight = (spares ? costs.calls.putOff : costs.calls.overdue) / costs.calls.expire;
    const due = fallenDue(design, sessions, step);
    others = Math.max(others, (due - ended + Math.min(pending, total(overdue)) * weight) / pace);

    if (step % times.sweep === 0) {
      const before = fallenDue(design, sessions, step - 1);
      backlog = before - ended;
      queued += fallenDue(design, sessions, step + times.sweep - 1) - before;
    }
    const brought = take(budget, costs.expire, Math.min(queued, queueVisits, due - ended));
    queued -= brought;
    ended += brought;

    // Oldest first: sessions that fell due before the oldest overdue hook, then hooks, then the other sessions.
    const older = Math.min(backlog, fallenDue(design, sessions, overdue[0]?.due ?? step) - ended);
    const first = take(budget, costs.expire, Math.min(older, visits));
    const hooks = visitOverdue(overdue, (visits - first) / weight, delivered);
    for (const cohort of hooks.cohorts) schedule(calendar, spares ? putOff(cohort, step) : enqueuedAgain(cohort, step));
    if (!spares) {
      repeated += hooks.visited;
      repeatedJobs += hooks.visited;
    }
    const left = visits - first - hooks.visited * weight;
    const rest = take(budget, costs.expire, Math.min(backlog - first, due - ended - first, left));
    backlog -= first + rest;
    ended += first + rest;

    if (done.lateness === undefined && ended >= 0.99 * sessions) done.lateness = step - 0.99 * design.spread;
    if (done.ended === undefined && ended >= sessions - 0.5) done.ended = step + 1;
    if (done.sealed === undefined && sealed >= sessions - 0.5) done.sealed = step + 1;
  }
  if (delivered >= sessions - 0.5) done.delivered = step;
  return { ...done, others, repeated: Math.round(repeated) };
}

/** How often a second a function does something of so many calls: as its CPU lets it, and as the answers come. */
export function rate(calls: number, atOnce: number, cpu: number): number {
  return Math.min(cpu / (calls * costs.callCpu), atOnce / (calls * costs.callSeconds));
}

/** Invocations that a queue's mapping has at that second. */
export function workersAt(step: number, most: number): number {
  return Math.min(most, limits.pollersAtFirst + (limits.pollersAMinute / 60) * step);
}

/** Sessions of the herd whose deadline has come. */
function fallenDue({ spread }: Design, sessions: number, step: number): number {
  if (step < 0) return 0;
  return spread === 0 ? sessions : Math.min(sessions, (sessions * (step + 1)) / spread);
}

interface Writes {
  readonly table: number;
  readonly index: number;
  readonly due: number;
}

/** As many as what is left of this second's writes allows; which they then use. */
function take(budget: { -readonly [Key in keyof Writes]: number }, cost: Writes, wanted: number): number {
  const keys = ["table", "index", "due"] as const;
  const allowed = keys.filter((key) => cost[key] > 0).map((key) => budget[key] / cost[key]);
  const count = Math.max(0, Math.min(wanted, ...allowed));
  for (const key of keys) budget[key] -= count * cost[key];
  return count;
}

/** Visits overdue hooks, oldest first. Hooks are delivered in the order in which they were sealed. */
function visitOverdue(overdue: Cohort[], most: number, delivered: number) {
  const cohorts: Cohort[] = [];
  let visited = 0;
  while (visited < most) {
    const cohort = overdue.shift();
    if (!cohort) break;
    const gone = Math.min(Math.max(0, delivered - cohort.firstSealed), cohort.count);
    const alive = { ...cohort, firstSealed: cohort.firstSealed + gone, count: cohort.count - gone };
    const now = Math.min(alive.count, most - visited);
    if (now < alive.count)
      overdue.unshift({ ...alive, firstSealed: alive.firstSealed + now, count: alive.count - now });
    if (now > 0) cohorts.push({ ...alive, count: now });
    visited += now;
  }
  return { visited, cohorts };
}

function enqueuedAgain(cohort: Cohort, step: number): Cohort {
  const enqueues = cohort.enqueues + 1;
  return { ...cohort, enqueues, due: step + Math.min(times.overdueAfter * 2 ** enqueues, times.longestSlack) };
}

function putOff(cohort: Cohort, step: number): Cohort {
  return { ...cohort, due: step + times.putOff };
}

function schedule(calendar: Map<number, Cohort[]>, cohort: Cohort): void {
  const there = calendar.get(cohort.due);
  if (there) there.push(cohort);
  else calendar.set(cohort.due, [cohort]);
}

function total(cohorts: readonly Cohort[]): number {
  return cohorts.reduce((sum, { count }) => sum + count, 0);
}
