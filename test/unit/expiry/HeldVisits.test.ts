import { expect, it } from "vitest";
import { HeldVisits, LONGEST_HELD } from "../../../lib/expiry/HeldVisits.ts";

const due = (sk: string, at: number) => ({ pk: "CONV#c", sk, at });

it("knows when a session is due indeed, until then, and as long as the table says the same of it", () => {
  const held = new HeldVisits();
  held.hold(due("SESSION#a", 1), 10);
  held.hold(due("SESSION#b", 1), 11);
  expect([held.dueAt(due("SESSION#a", 1)), held.dueAt(due("SESSION#a", 2)), held.dueAt(due("SESSION#c", 1))]).toEqual([
    10, 2, 1,
  ]);
  held.forgetDue(10);
  expect([held.dueAt(due("SESSION#a", 1)), held.dueAt(due("SESSION#b", 1))]).toEqual([1, 11]);
});

it("has room for 4,000 sessions, and again when they are due", () => {
  const held = new HeldVisits();
  for (let number = 0; number < 4_000; number++) {
    expect(held.longest).toBe(LONGEST_HELD);
    held.hold(due(`SESSION#${number}`, 1), 10);
  }
  expect(held.longest).toBe(0);
  held.forgetDue(10);
  expect(held.longest).toBe(LONGEST_HELD);
});
