import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextDaily } from "../../../lib/domain/deadline.ts";

const MINUTE = 60_000;

const HOUR = 60 * MINUTE;

describe("nextDaily, whatever zone the function runs in,", () => {
  it.each<[string, string, string, string, string]>([
    ["Bangkok, before it", "Asia/Bangkok", "04:00", "2026-03-01T20:59:59.999Z", "2026-03-01T21:00:00Z"],
    ["Bangkok, at it: the next one", "Asia/Bangkok", "04:00", "2026-03-01T21:00:00Z", "2026-03-02T21:00:00Z"],
    ["Bangkok, after it", "Asia/Bangkok", "04:00", "2026-03-01T21:00:00.001Z", "2026-03-02T21:00:00Z"],
    ["midnight in a zone ahead", "Pacific/Kiritimati", "00:00", "2026-03-01T09:00:00Z", "2026-03-01T10:00:00Z"],
    ["midnight in a zone behind", "Pacific/Pago_Pago", "00:00", "2026-03-01T10:30:00Z", "2026-03-01T11:00:00Z"],
    ["45 minutes off the hour", "Asia/Kathmandu", "04:00", "2026-03-01T22:00:00Z", "2026-03-01T22:15:00Z"],
  ])("P2 finds the next boundary: %s", (_, timeZone, at, after, expected) => {
    expect(next(timeZone, at, after)).toBe(expected);
  });

  // New York: on 8 March 2026 02:00 EST becomes 03:00 EDT; on 1 November 02:00 EDT becomes 01:00 EST.
  // Lord Howe: on 5 April 2026 02:00 becomes 01:30; on 4 October 02:00 becomes 02:30.
  it.each<[string, string, string, string, string]>([
    ["the evening before", "America/New_York", "04:00", "2026-03-08T01:00:00Z", "2026-03-08T08:00:00Z"],
    [
      "in the gap: as long after its start",
      "America/New_York",
      "02:30",
      "2026-03-08T01:00:00Z",
      "2026-03-08T07:30:00Z",
    ],
    ["in the gap, just before it", "America/New_York", "02:30", "2026-03-08T07:29:59Z", "2026-03-08T07:30:00Z"],
    [
      "the day after a gap, an hour early by UTC",
      "America/New_York",
      "02:30",
      "2026-03-08T07:30:00Z",
      "2026-03-09T06:30:00Z",
    ],
    ["at the gap's end", "America/New_York", "03:00", "2026-03-08T01:00:00Z", "2026-03-08T07:00:00Z"],
    ["twice: the first", "America/New_York", "01:30", "2026-11-01T01:00:00Z", "2026-11-01T05:30:00Z"],
    ["twice: the second is none", "America/New_York", "01:30", "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"],
    ["twice: asked between the two", "America/New_York", "01:30", "2026-11-01T06:00:00Z", "2026-11-02T06:30:00Z"],
    ["after the long night", "America/New_York", "04:00", "2026-11-01T01:00:00Z", "2026-11-01T09:00:00Z"],
    ["half an hour twice: the first", "Australia/Lord_Howe", "01:45", "2026-04-04T12:00:00Z", "2026-04-04T14:45:00Z"],
    [
      "half an hour twice: the second is none",
      "Australia/Lord_Howe",
      "01:45",
      "2026-04-04T14:45:00Z",
      "2026-04-05T15:15:00Z",
    ],
    ["half an hour of gap", "Australia/Lord_Howe", "02:15", "2026-10-03T12:00:00Z", "2026-10-03T15:45:00Z"],
    [
      "a gap before midnight, asked after midnight",
      "America/Nuuk",
      "23:30",
      "2026-03-29T01:10:00Z",
      "2026-03-29T01:30:00Z",
    ],
    ["a gap at midnight", "Africa/Cairo", "00:00", "2026-04-23T20:00:00Z", "2026-04-23T22:00:00Z"],
    ["a day that a zone left out", "Pacific/Apia", "04:00", "2011-12-30T00:00:00Z", "2011-12-30T14:00:00Z"],
  ])("P2 finds the boundary in a night that changes the clocks: %s", (_, timeZone, at, after, expected) => {
    expect(next(timeZone, at, after)).toBe(expected);
  });

  // Zones of every kind: no changes, one hour, half an hour, two hours, each hemisphere, a gap at midnight, Ramadan.
  const zones = [
    ["UTC", "Asia/Bangkok", "Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Pacific/Chatham"],
    ["America/New_York", "America/St_Johns", "America/Santiago", "America/Havana", "Asia/Beirut", "Africa/Cairo"],
    ["Europe/London", "Europe/Berlin", "Africa/Casablanca", "Australia/Lord_Howe", "Antarctica/Troll", "America/Nuuk"],
  ].flat();
  const changes = new Map(zones.map((zone) => [zone, changesOf(zone)]));
  const anywhere = fc.constantFrom(...zones).chain((timeZone) =>
    fc.record({
      daily: fc.record({
        hour: fc.integer({ min: 0, max: 23 }),
        minute: fc.integer({ min: 0, max: 59 }),
        timeZone: fc.constant(timeZone),
      }),
      after: fc.oneof(
        fc.integer({ min: Date.UTC(2025, 0), max: Date.UTC(2031, 0) }),
        // Most of what can go wrong goes wrong within two days of a change.
        fc
          .tuple(fc.constantFrom(...(changes.get(timeZone) ?? [])), fc.integer({ min: -48 * HOUR, max: 24 * HOUR }))
          .map(([change, away]) => change + away),
      ),
    }),
  );

  it("P2 gives the time of day, or a moment as far behind a gap's start as that time lies in the gap", () => {
    fc.assert(
      fc.property(anywhere, ({ daily, after }) => {
        const at = nextDaily(daily, after);
        const wanted = daily.hour * 60 + daily.minute;
        const shown = minuteOfDay(wall(daily.timeZone, at));
        if (shown === wanted) return;
        const gap =
          (changes.get(daily.timeZone) ?? []).find((change) => change <= at && at < change + 2 * HOUR) ?? Number.NaN;
        const skipped = wall(daily.timeZone, gap) - wall(daily.timeZone, gap - MINUTE) - MINUTE;
        expect(skipped).toBeGreaterThan(0);
        expect(minuteOfDay(wall(daily.timeZone, at) - skipped)).toBe(wanted);
      }),
      { numRuns: 1_000 },
    );
  });

  it("gives a boundary after the moment that is asked for, within a day and the change of one night", () => {
    fc.assert(
      fc.property(anywhere, ({ daily, after }) => {
        const wait = nextDaily(daily, after) - after;
        expect(wait).toBeGreaterThan(0);
        // Two hours in Antarctica/Troll, one at the most anywhere else.
        expect(wait).toBeLessThanOrEqual((daily.timeZone === "Antarctica/Troll" ? 26 : 25) * HOUR);
      }),
      { numRuns: 1_000 },
    );
  });

  it("P2 passes over no boundary", () => {
    fc.assert(
      fc.property(anywhere, ({ daily, after }) => {
        const at = nextDaily(daily, after);
        // The offsets of all these zones are whole quarters of an hour, so these are all the moments that could show it.
        const quarter = 15 * MINUTE;
        const first = Math.floor(after / quarter) * quarter + (daily.minute % 15) * MINUTE;
        for (let moment = first; moment < at; moment += quarter) {
          if (moment <= after) continue;
          const time = wall(daily.timeZone, moment);
          if (minuteOfDay(time) !== daily.hour * 60 + daily.minute) continue;
          const shownBefore = [30, 60, 120].some((ago) => wall(daily.timeZone, moment - ago * MINUTE) === time);
          expect(shownBefore, `${new Date(moment).toISOString()} shows it for the first time`).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("goes on to the next day when it is asked at its own answer", () => {
    fc.assert(
      fc.property(anywhere, ({ daily, after }) => {
        const at = nextDaily(daily, after);
        expect(nextDaily(daily, at - 1)).toBe(at);
        expect(nextDaily(daily, at) - at).toBeGreaterThanOrEqual(22 * HOUR);
      }),
      { numRuns: 1_000 },
    );
  });
});

function next(timeZone: string, at: string, after: string): string {
  const [hour = 0, minute = 0] = at.split(":").map(Number);
  const moment = nextDaily({ hour, minute, timeZone }, Date.parse(after));
  return new Date(moment).toISOString().replace(".000Z", "Z");
}

/** What the zone's clocks show, to the minute, written as if it were UTC; from the runtime's own calendar. */
function wall(timeZone: string, at: number): number {
  let format = formats.get(timeZone);
  if (!format) {
    const parts = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" } as const;
    format = new Intl.DateTimeFormat("en-US", { ...parts, timeZone, hourCycle: "h23" });
    formats.set(timeZone, format);
  }
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0] = format.format(at).split(/\D+/).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function minuteOfDay(time: number): number {
  return (time / MINUTE) % (24 * 60);
}

/** The moments from 2025 to 2030 at which a zone's offset changes. */
function changesOf(timeZone: string): readonly number[] {
  const found: number[] = [];
  const offset = (at: number) => wall(timeZone, at) - at;
  for (let from = Date.UTC(2025, 0); from < Date.UTC(2031, 0); from += 24 * HOUR) {
    let [low, high] = [from, from + 24 * HOUR];
    if (offset(low) === offset(high)) continue;
    while (high - low > MINUTE) {
      const middle = low + Math.floor((high - low) / 2 / MINUTE) * MINUTE;
      if (offset(middle) === offset(low)) low = middle;
      else high = middle;
    }
    found.push(high);
  }
  return found.length > 0 ? found : [Date.UTC(2026, 2, 29)];
}
