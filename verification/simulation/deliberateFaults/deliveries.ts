import type { DeliberateFault } from "./DeliberateFault.ts";

/** Faults in how a hook is delivered, behind a breaker too. */
export const DELIVERY_FAULTS: readonly DeliberateFault[] = [
  {
    name: "two workers call the provider at once",
    file: "lib/store/hookAttempts.ts",
    find: 'AND (attribute_not_exists(lease) OR lease.#until <= :now)",\n    values: { lease, one: 1',
    by: 'AND (attribute_exists(pk) OR lease.#until <= :now)",\n    values: { lease, one: 1',
  },
  {
    name: "attempted is recorded as delivered",
    file: "lib/session-end/deliverHook.ts",
    find: "if (!(error instanceof VesperError)) throw error;",
    by: "if (!(error instanceof VesperError)) throw error;\n    await recordDelivered(table, hook, {}, clock.now());",
  },
  {
    name: "a death that was not reported is forgotten",
    file: "lib/session-end/deliverHook.ts",
    find: 'if (hook.status === "dead" && hook.deadAt !== undefined && job.deadAt !== hook.deadAt) {',
    by: 'if (hook.status === "dead" && hook.deadAt === -1) {',
  },
  {
    name: "a dead hook is not to be found",
    file: "lib/store/hookAttempts.ts",
    find: 'stateKey(dead ? "DEAD" : "DUE", hook.session)',
    by: 'stateKey("DUE", hook.session)',
  },
  {
    name: "an open breaker lets every job through",
    file: "lib/session-end/deliverHook.ts",
    find: 'if (breaker?.status !== "open" || (await winProbe(table, breaker, now))) return undefined;',
    by: 'if (breaker?.status !== "opened" || (await winProbe(table, breaker, now))) return undefined;',
  },
  {
    name: "every job is a probe",
    file: "lib/store/breakers.ts",
    find: '":next": now + PROBE_EVERY, ":now": now, ":open": "open", ":was": probeAt',
    by: '":next": now + 1, ":now": now, ":open": "open", ":was": probeAt',
  },
  {
    name: "nobody probes an open breaker",
    file: "lib/store/breakers.ts",
    find: "if (probeAt === undefined || probeAt > now) return false;",
    by: "if (probeAt === undefined || probeAt > 0) return false;",
  },
  {
    name: "waiting behind a breaker uses up attempts",
    file: "lib/store/hookWaits.ts",
    find: '"SET nextAttemptAt = :until, #at = :until, isDeferred = :true"',
    by: '"SET nextAttemptAt = :until, #at = :until, isDeferred = :true, attempts = :now"',
  },
  {
    name: "a deferred hook is not to be found by the sweep",
    file: "lib/store/hookWaits.ts",
    find: '"SET nextAttemptAt = :until, #at = :until, isDeferred = :true"',
    by: '"SET nextAttemptAt = :until, isDeferred = :true REMOVE #at"',
  },
  {
    name: "a hook waits for a day behind a breaker",
    file: "lib/domain/Breaker.ts",
    find: "Math.round((age * (1 + place)) / 2)",
    by: "Math.round((age * (1 + place)) * 48)",
  },
];
