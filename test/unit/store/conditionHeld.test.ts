import { expect, it } from "vitest";
import { conditionHeld } from "../../../lib/store/updateItem.ts";

it("says whether the condition of a write held", async () => {
  const refused = Object.assign(new Error(), { name: "ConditionalCheckFailedException" });

  expect(await conditionHeld(Promise.resolve({}))).toBe(true);
  expect(await conditionHeld(Promise.reject(refused))).toBe(false);
});

it("rejects with every other error", async () => {
  const throttled = Object.assign(new Error(), { name: "ThrottlingException" });

  await expect(conditionHeld(Promise.reject(throttled))).rejects.toBe(throttled);
});
