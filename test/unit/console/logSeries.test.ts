import { describe, expect, it } from "vitest";
import { logSeries } from "../../../console/server/logSeries.ts";

const range = { from: 0, to: 180_000, step: 60_000 };

describe("toSeries", () => {
  it("counts what happened in each step, sessions by why they ended, and leaves out what lies outside", () => {
    const ended = (at: number, reason: string) => ({ name: "SessionEnded", at, value: 1, by: { Reason: reason } });
    const points = [ended(0, "idle"), ended(59_999, "idle"), ended(60_000, "max-size"), ended(180_000, "idle")];
    const { times, values } = logSeries(points, range);
    expect(times).toEqual([0, 60, 120]);
    expect(values.idle).toEqual([2, 0, 0]);
    expect(values.otherEnds).toEqual([0, 1, 0]);
    expect(values.reset).toEqual([0, 0, 0]);
  });

  it("tells percentiles, and nothing where nothing was measured", () => {
    const points = Array.from({ length: 100 }, (_, index) => ({
      ...{ name: "ProviderLatency", at: 70_000, value: 100 - index, by: {} },
    }));
    const { values } = logSeries(points, range);
    expect(values.latencyP50).toEqual([null, 50, null]);
    expect(values.latencyP99).toEqual([null, 99, null]);
    expect(values.oldestAge).toEqual([null, null, null]);
  });
});
