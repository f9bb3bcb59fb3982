import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { sessionRows } from "../harness/rows.ts";
import { sweepAt } from "../harness/sweepAt.ts";

const daily = (timeZone: string, at = "04:00") => ({ sessions: { default: { daily: { at, timeZone } } } });

describe("a session under a daily policy", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  it("P2 ends at 04:00 in Bangkok, while the functions' clocks show UTC", async () => {
    harness.deploy(daily("Asia/Bangkok"));
    await harness.chat("hello");

    await sweepAt(harness, "2026-03-02T20:59:00Z");
    expect(harness.delivered()).toEqual([]);

    await sweepAt(harness, "2026-03-02T20:59:30Z");
    expect(harness.delivered()).toMatchObject([{ reason: "daily", endedAt: "2026-03-02T21:00:00.000Z" }]);
    expect((await harness.chat("good morning"))[0]).toContain("ended with the day");
  });

  it.each([
    // Clocks go from 02:00 to 03:00: the night has an hour less.
    ["Europe/Berlin", "04:00", "2026-03-28T12:00:00Z", "2026-03-29T02:00:00.000Z"],
    // A time of day that does not exist that night.
    ["Europe/Berlin", "02:30", "2026-03-28T12:00:00Z", "2026-03-29T01:30:00.000Z"],
    // Clocks go from 03:00 back to 02:00: an hour more.
    ["Europe/Berlin", "04:00", "2026-10-24T12:00:00Z", "2026-10-25T03:00:00.000Z"],
    // A time of day that comes twice: the first one.
    ["Europe/Berlin", "02:30", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00.000Z"],
    ["America/New_York", "04:00", "2026-03-07T20:00:00Z", "2026-03-08T08:00:00.000Z"],
  ])("P2 ends in %s at %s through the night of a clock change, from %s", async (timeZone, at, start, end) => {
    harness.goTo(start);
    harness.deploy(daily(timeZone, at));
    await harness.chat("hello");

    await sweepAt(harness, new Date(Date.parse(end) - 60_000).toISOString());
    expect(harness.delivered()).toEqual([]);

    await sweepAt(harness, new Date(Date.parse(end) - 30_000).toISOString());
    expect(harness.delivered()).toMatchObject([{ reason: "daily", endedAt: end }]);
  });

  it("P2 ends by another zone of the config from the next message on, and the sweep is on time for it", async () => {
    harness.deploy(daily("UTC"));
    await harness.chat("hello");

    harness.deploy(daily("Asia/Bangkok"));
    harness.advance("1h");
    await harness.chat("hello from Bangkok");
    await sweepAt(harness, "2026-03-02T20:59:30Z");

    expect(harness.delivered()).toMatchObject([{ reason: "daily", turns: 2, endedAt: "2026-03-02T21:00:00.000Z" }]);
  });

  it("ends at the boundary although its conversation is busy then", async () => {
    harness.deploy(daily("UTC"));
    harness.goTo("2026-03-03T03:58:10Z");
    for (const word of ["one", "two", "three", "four", "five", "six"]) {
      await harness.chat(word);
      harness.advance("30s");
    }
    await harness.settle();

    const [first] = harness.delivered();
    expect(first).toMatchObject({ reason: "daily", turns: 4 });
    expect(await sessionRows(harness)).toMatchObject([{ status: "ended", reason: "daily" }, { status: "open" }]);
  });
});
