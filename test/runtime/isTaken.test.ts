import { expect, it } from "vitest";
import { isTaken } from "../../lib/runtime/isTaken.ts";

it("says whether the condition of a write held", async () => {
  const refused = Object.assign(new Error(), { name: "ConditionalCheckFailedException" });

  expect(await isTaken(Promise.resolve({}))).toBe(true);
  expect(await isTaken(Promise.reject(refused))).toBe(false);
});

it("rejects with every other error", async () => {
  const throttled = Object.assign(new Error(), { name: "ThrottlingException" });

  await expect(isTaken(Promise.reject(throttled))).rejects.toBe(throttled);
});
