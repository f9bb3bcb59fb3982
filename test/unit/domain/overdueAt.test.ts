import { expect, it } from "vitest";
import { overdueAt } from "../../../lib/domain/hookSchedule.ts";

const MINUTE = 60_000;

it.each([
  ["five minutes after its attempt was due", { nextAttemptAt: 0, enqueues: 0 }, 5],
  ["ten after it was enqueued again", { nextAttemptAt: 0, enqueues: 1, enqueuedAt: 5 * MINUTE }, 15],
  ["by its next attempt, when that is later", { nextAttemptAt: 60 * MINUTE, enqueues: 1, enqueuedAt: 5 * MINUTE }, 70],
  ["not while a worker has it", { nextAttemptAt: 0, enqueues: 0, lease: { id: "one", until: 7 * MINUTE } }, 7],
  ["whatever an old lease says", { nextAttemptAt: 0, enqueues: 0, lease: { id: "one", until: MINUTE } }, 5],
])("takes a hook for overdue %s", (_when, hook, minutes) => {
  expect(overdueAt(hook)).toBe(minutes * MINUTE);
});
