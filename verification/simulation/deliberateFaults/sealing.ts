import type { DeliberateFault } from "./DeliberateFault.ts";

/** Faults in how the stream passes an end on, a session is sealed, and is deleted in the end. */
export const SEALING_FAULTS: readonly DeliberateFault[] = [
  {
    name: "an error at the stream is swallowed",
    file: "lib/expiry/sealFromStream.ts",
    find: "failed.push(number);",
    by: "",
  },
  {
    name: "a record that can't be read holds up those behind it",
    file: "lib/expiry/sealFromStream.ts",
    find: "if (age > SET_ASIDE &&",
    by: "if (age > SET_ASIDE * 1e6 &&",
  },
  {
    name: "the stream gives up after five attempts",
    file: "cdk/wiring.ts",
    find: "retryAttempts: -1,",
    by: "retryAttempts: 5,",
  },
  {
    name: "every change of a conversation is taken for an end",
    file: "lib/expiry/sealFromStream.ts",
    find: "return next.session === old.session ? undefined :",
    by: 'return next.session === "nothing" ? undefined :',
  },
  {
    name: "a session is ended before its hooks stand",
    file: "lib/expiry/sealSession.ts",
    find: "for (const hook of hooks) await putHook(table, hook);",
    by: "await markEnded(table, session, end, turns, end.endedAt ?? lastAt ?? session.startedAt);\n  for (const hook of hooks) await putHook(table, hook);",
  },
  {
    name: "jobs are not enqueued at the sealing",
    file: "lib/expiry/sealSession.ts",
    find: 'await enqueueByProvider(queues, hooks.filter(({ status }) => status === "pending").map(jobOf));',
    by: "",
  },
  {
    name: "a sealing repeated overwrites a hook",
    file: "lib/store/hooks.ts",
    find: 'Item, ConditionExpression: "attribute_not_exists(pk)" }',
    by: "Item }",
  },
  {
    name: "a transcript is thrown away before it was delivered",
    file: "lib/expiry/purge.ts",
    find: 'new Set(["delivered", "skipped"])',
    by: 'new Set(["delivered", "skipped", "dead", "pending"])',
  },
  {
    name: "a session without a turn is told of in the ledger",
    file: "lib/expiry/sealSession.ts",
    find: "turns === 0 ? [] :",
    by: "turns === -1 ? [] :",
  },
  {
    name: "retention deletes no turn and no hook",
    file: "lib/expiry/purge.ts",
    find: "await deleteAll(services, rows);",
    by: "",
  },
  {
    name: "sealing does not keep out a turn that is on its way",
    file: "lib/expiry/sealSession.ts",
    find: "counted.holds || (await putTombstone(table, session, turn, clock.now()))",
    by: "counted.holds || turn.length > 0",
  },
];
