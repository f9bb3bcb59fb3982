import type { DeliberateFault } from "./DeliberateFault.ts";

/** Faults in what the sweep finds, and when. */
export const VISIT_FAULTS: readonly DeliberateFault[] = [
  {
    name: "the sweep comes a minute early",
    file: "lib/expiry/visitSession.ts",
    find: "read.expiresAt * 1000 <= now",
    by: "read.expiresAt * 1000 <= now + 60_000",
  },
  {
    name: "a lost end is not sealed by the sweep",
    file: "lib/expiry/visitSession.ts",
    find: 'if (missed !== "lost") return missed === undefined',
    by: 'if (missed) return missed === "lost" || missed === undefined',
  },
  {
    name: "an overdue hook is not enqueued again",
    file: "lib/expiry/visitHook.ts",
    find: "await enqueueByProvider(queues, [jobOf(hook)]);",
    by: "",
  },
  {
    name: "what falls due within a minute is not queued",
    file: "lib/expiry/sweep.ts",
    find: "enqueueVisits(queues.visits, later, clock.now())",
    by: "enqueueVisits(queues.visits, [], clock.now())",
  },
  {
    name: "a visit comes up to five seconds early",
    file: "lib/expiry/visitSession.ts",
    find: "read.expiresAt * 1000 <= now) {",
    by: "read.expiresAt * 1000 <= now + 5_000) {",
  },
  {
    name: "a sweep remembers a session for longer than it goes on",
    file: "lib/expiry/HeldVisits.ts",
    find: "{ from: at, to }",
    by: "{ from: at, to: to + 60_000 }",
  },
  {
    name: "a session that goes on is visited five minutes late",
    file: "lib/expiry/visitSession.ts",
    find: "if (isMoved) await scheduleVisit(table, key, at);",
    by: "await scheduleVisit(table, key, at + 300_000);",
  },
];
