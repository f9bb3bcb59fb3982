import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapConcurrently } from "../../../lib/runtime/async.ts";

const turnOfTheLoop = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("mapConcurrently", () => {
  it("runs every item once, in order, never more than the limit at once, and as many as that", async () => {
    const cases = fc.asyncProperty(fc.nat({ max: 30 }), fc.integer({ min: 1, max: 8 }), async (count, limit) => {
      const begun: number[] = [];
      let running = 0;
      let most = 0;
      await mapConcurrently(
        Array.from({ length: count }, (_, index) => index),
        limit,
        async (item) => {
          begun.push(item);
          most = Math.max(most, ++running);
          await turnOfTheLoop();
          running--;
        },
      );
      expect(begun).toEqual(Array.from({ length: count }, (_, index) => index));
      expect(most).toBe(Math.min(count, limit));
      expect(running).toBe(0);
    });
    await fc.assert(cases, { numRuns: 50 });
  });

  it("B7 lets a slow item hold up only its own place", async () => {
    const done: string[] = [];
    const slow = Promise.withResolvers<void>();
    const all = mapConcurrently(["slow", "a", "b", "c"], 2, async (item) => {
      if (item === "slow") await slow.promise;
      done.push(item);
      if (item === "c") slow.resolve();
    });
    await all;
    expect(done).toEqual(["a", "b", "c", "slow"]);
  });

  it("rejects with the first failure, after those under way, and begins no more", async () => {
    const log: string[] = [];
    const all = mapConcurrently([1, 2, 3, 4], 2, async (item) => {
      log.push(`begin ${item}`);
      if (item === 2) throw new Error("two");
      await turnOfTheLoop();
      log.push(`end ${item}`);
      throw new Error("one, later");
    });
    await expect(all).rejects.toThrow("two");
    expect(log).toEqual(["begin 1", "begin 2", "end 1"]);
  });

  it("takes what is added while it runs", async () => {
    const items = [1];
    const seen: number[] = [];
    await mapConcurrently(items, 1, async (item) => {
      seen.push(item);
      if (item < 3) items.push(item + 1);
    });
    expect(seen).toEqual([1, 2, 3]);
  });
});
