import fc from "fast-check";
import { expect, it } from "vitest";
import { IndexCopy } from "../../../verification/simulation/aws/IndexCopy.ts";
import { Timeline } from "../../../verification/simulation/Timeline.ts";

it("shows an item's writes in their order and ends with the last when the index lags", async () => {
  const write = fc.record({
    key: fc.constantFrom("a", "b"),
    pause: fc.nat({ max: 3 }),
    lag: fc.nat({ max: 10 }),
    state: fc.constantFrom("DUE", "ENDED", undefined),
  });
  const cases = fc.asyncProperty(fc.array(write, { maxLength: 25 }), async (writes) => {
    const timeline = new Timeline(0);
    const index = new IndexCopy("state", "at", (milliseconds, run) => timeline.after(milliseconds, run));
    const shown = () => ["DUE", "ENDED"].flatMap((state) => index.partition(state));
    const latest = new Map<string, number>();
    const look = () => {
      const items = shown();
      // Once: an item is in one partition.
      expect(new Set(items.map(({ pk }) => pk)).size).toBe(items.length);
      for (const { pk, at } of items) {
        expect(Number(at)).toBeGreaterThanOrEqual(latest.get(String(pk)) ?? 0);
        latest.set(String(pk), Number(at));
      }
    };
    for (const [at, { key, pause, lag, state }] of writes.entries()) {
      await timeline.runUntil(timeline.now + pause);
      index.show(key, { pk: key, sk: "LIVE", at, ...(state ? { state } : {}) }, lag);
      look();
    }
    for (let step = 0; step < 11; step++) {
      await timeline.runUntil(timeline.now + 1);
      look();
    }
    const last = new Map(writes.map(({ key, state }, at) => [key, { at, state }]));
    const expected = [...last].filter(([, { state }]) => state).map(([pk, { at, state }]) => ({ pk, at, state }));
    const ended = shown().map(({ pk, at, state }) => ({ pk, at, state }));
    expect(new Set(ended)).toEqual(new Set(expected));
  });
  await fc.assert(cases, { seed: 1, numRuns: 300 });
});
