import { expect, it } from "vitest";
import { overdueAfter } from "../../../lib/domain/hookSchedule.ts";

const MINUTE = 60_000;

it.each([
  [0, 5],
  [1, 10],
  [2, 20],
  [6, 320],
  [7, 360],
  [10, 360],
  [100_000, 360],
])("takes a hook that was enqueued %i times for overdue in %i minutes", (enqueues, minutes) => {
  expect(overdueAfter(enqueues)).toBe(minutes * MINUTE);
});
