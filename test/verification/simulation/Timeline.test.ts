import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Timeline } from "../../../verification/simulation/Timeline.ts";

describe("Timeline", () => {
  it("lets everything happen in the order of its moment, and of its making where that is the same", async () => {
    const plans = fc.array(fc.record({ at: fc.nat({ max: 20 }), cancelled: fc.boolean() }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(plans, async (planned) => {
        const timeline = new Timeline(0);
        const happened: [number, number][] = [];
        for (const [index, { at, cancelled }] of planned.entries()) {
          const cancel = timeline.at(at, () => happened.push([timeline.now, index]));
          if (cancelled) cancel();
        }
        await timeline.runUntil(100);
        const expected = planned.flatMap(({ at, cancelled }, index): [number, number][] =>
          cancelled ? [] : [[at, index]],
        );
        expect(happened).toEqual(expected.toSorted(([a], [b]) => a - b));
        expect(timeline.now).toBe(100);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("stops at the moment it was given, and goes on from there", async () => {
    const timeline = new Timeline(1_000);
    const happened: number[] = [];
    const note = () => happened.push(timeline.now);
    timeline.after(10, note);
    timeline.after(11, note);
    timeline.at(5, note);
    await timeline.runUntil(1_010);
    expect(happened).toEqual([1_000, 1_010]);
    await timeline.runUntil(2_000);
    expect(happened).toEqual([1_000, 1_010, 1_011]);
  });

  it("follows what was woken to its next wait before anything else happens", async () => {
    const timeline = new Timeline(0);
    const happened: string[] = [];
    timeline.at(1, () => {
      timeline.wake();
      void Promise.resolve()
        .then(() => {})
        .then(() => happened.push("woken"));
    });
    timeline.at(1, () => happened.push("next"));
    await timeline.runUntil(1);
    expect(happened).toEqual(["woken", "next"]);
  });

  it("follows first what was woken before it was let run", async () => {
    const timeline = new Timeline(0);
    const happened: string[] = [];
    timeline.at(1, () => happened.push("next"));
    timeline.wake();
    void Promise.resolve()
      .then(() => {})
      .then(() => timeline.at(0, () => happened.push("woken")));
    await timeline.runUntil(1);
    expect(happened).toEqual(["woken", "next"]);
  });
});
