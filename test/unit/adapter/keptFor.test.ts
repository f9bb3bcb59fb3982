import { expect, it } from "vitest";
import { keptFor } from "../../../lib/adapter/keptFor.ts";

it("makes a value once for those who ask at once, and anew when its time is over", async () => {
  let [now, made] = [0, 0];
  const get = keptFor({ now: () => now, until: async () => {} }, 1_000, async () => ++made);
  expect(await Promise.all([get(), get()])).toEqual([1, 1]);
  now = 999;
  expect(await get()).toBe(1);
  now = 1_000;
  expect(await get()).toBe(2);
});

it("keeps no failure", async () => {
  let made = 0;
  const make = async () => {
    if (++made === 1) throw new Error("no");
    return made;
  };
  const get = keptFor({ now: () => 0, until: async () => {} }, 1_000, make);
  await expect(get()).rejects.toThrow("no");
  expect(await get()).toBe(2);
});
