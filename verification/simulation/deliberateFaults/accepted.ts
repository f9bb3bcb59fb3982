import type { DeliberateFault } from "./DeliberateFault.ts";

/** Faults in what follows when a provider has accepted a session. */
export const ACCEPTED_FAULTS: readonly DeliberateFault[] = [
  {
    name: "what is only accepted is recorded as delivered",
    file: "lib/session-end/deliverHook.ts",
    find: 'if (answer.outcome === "accepted") return accept(',
    by: 'if (answer.outcome === "accepted" && startedAt < 0) return accept(',
  },
  {
    name: "an accepted hook is not due",
    file: "lib/store/hookAttempts.ts",
    find: "at: visitAt({ ...hook, nextAttemptAt: askAt, isDeferred }, now),",
    by: "at: Number.MAX_SAFE_INTEGER,",
  },
  {
    name: "a session at which its provider has failed counts as accepted still",
    file: "lib/store/hookAttempts.ts",
    find: 'hook.accepted ? "" : ", accepted, acceptedAt, receipt"',
    by: 'hook.accepted ? "" : ""',
  },
  {
    name: "a provider that can't be asked is taken to have failed at the session",
    file: "lib/session-end/deliverHook.ts",
    find: "return fail(services, dlq, job, leased, error, startedAt);",
    by: "return withdraw(services, dlq, job, leased, error, startedAt);",
  },
  {
    name: "a provider may work on a session for ever",
    file: "lib/domain/hookSchedule.ts",
    find: "if (age >= LONGEST_WORK) return undefined;",
    by: "if (age < -LONGEST_WORK) return undefined;",
  },
  {
    name: "a redrive forgets that the provider has accepted the session",
    file: "lib/store/hookOperations.ts",
    find: '"REMOVE deadAt, lease, isDeferred",\n    ConditionExpression: "#status = :dead',
    by: '"REMOVE deadAt, lease, isDeferred, accepted",\n    ConditionExpression: "#status = :dead',
  },
  {
    name: "what is accepted is sent again instead of asked for",
    file: "lib/session-end/deliverHook.ts",
    find: "? askProvider(services, job, leased, hook.accepted)",
    by: "? sendSession(services, job, leased)",
  },
];
