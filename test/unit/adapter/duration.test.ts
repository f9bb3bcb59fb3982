import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration } from "../../../lib/adapter/duration.ts";

describe("parseDuration", () => {
  it.each([
    ["0s", 0],
    ["100ms", 100],
    ["30s", 30_000],
    ["90m", 5_400_000],
    ["24h", 86_400_000],
    ["7d", 604_800_000],
    ["007d", 604_800_000],
  ])("reads %s", (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each([
    "",
    "30",
    "s",
    "-1s",
    "1.5h",
    "1 h",
    " 1h",
    "1h ",
    "1H",
    "1w",
    "1h30m",
    "0x1s",
    "1h\n",
    "9999999999s",
    "١h",
  ])("refuses %j as a duration", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe("formatDuration", () => {
  it.each([
    [0, "0ms"],
    [100, "100ms"],
    [45_000, "45s"],
    [45_001, "45001ms"],
    [60_000, "1m"],
    [5_400_000, "90m"],
    [11 * 3_600_000, "11h"],
    [8 * 86_400_000, "8d"],
  ])("writes %i milliseconds as %s", (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it("keeps the length of every duration that can be written", () => {
    const written = fc
      .tuple(fc.integer({ min: 0, max: 999_999_999 }), fc.constantFrom("ms", "s", "m", "h", "d"))
      .map(([amount, unit]) => `${amount}${unit}`);
    fc.assert(
      fc.property(written, (text) => {
        const milliseconds = parseDuration(text) ?? Number.NaN;
        expect(parseDuration(formatDuration(milliseconds))).toBe(milliseconds);
      }),
    );
  });
});
