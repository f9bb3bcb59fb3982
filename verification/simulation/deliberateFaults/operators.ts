import type { DeliberateFault } from "./DeliberateFault.ts";

/** Faults in what operators do: discards, undos and replays. */
export const OPERATOR_FAULTS: readonly DeliberateFault[] = [
  {
    name: "a hook is given up under a running attempt",
    file: "lib/store/hookOperations.ts",
    find: '"#status = :was AND nextAttemptAt = :seen AND (attribute_not_exists(lease) OR lease.#until <= :now)"',
    by: '"#status = :was AND nextAttemptAt = :seen AND (attribute_exists(pk) OR lease.#until <= :now)"',
  },
  {
    name: "a job of what was given up is worked",
    file: "lib/store/hookAttempts.ts",
    find: '"#status = :pending AND nextAttemptAt <= :now AND (attribute_not_exists(lease) OR lease.#until <= :now)",\n    values: { lease, one: 1',
    by: '"(#status = :pending OR attribute_exists(discarded)) AND nextAttemptAt <= :now AND (attribute_not_exists(lease) OR lease.#until <= :now)",\n    values: { lease, one: 1',
  },
  {
    name: "what is given up goes on being due",
    file: "lib/store/hookOperations.ts",
    find: "discarded = :discarded REMOVE #state, #at, lease, isDeferred",
    by: "discarded = :discarded, #state = #state, #at = #at REMOVE lease, isDeferred",
  },
  {
    name: "an undo makes pending what was dead",
    file: "lib/operator/restoreHook.ts",
    find: 'discarded.was === "dead" && deadAt !== undefined',
    by: 'discarded.was === "pending" && deadAt !== undefined',
  },
  {
    name: "an undo of a death sends no message",
    file: "lib/operator/restoreHook.ts",
    find: "if (isDead) await enqueueHooks(queue, [{ ...jobOf(hook), deadAt }]);",
    by: "",
  },
  {
    name: "a replay ends with its first batch",
    file: "lib/operator/operations/replayBatches.ts",
    find: "    from = next;",
    by: "    from = undefined;",
  },
  {
    name: "each replay delivers again what was acknowledged",
    file: "lib/operator/operations/replayBatches.ts",
    find: "const isAgain = again && old?.status",
    by: "const isAgain = !again && old?.status",
  },
  {
    name: "a replay does not look who has memory off",
    file: "lib/operator/operations/replayBatches.ts",
    find: 'if (fresh.status === "skipped") return { why: fresh.skipped ?? "no-turns" };',
    by: 'if (fresh.status === "skipped") return { fresh: { ...fresh, status: "pending" } };',
  },
];
