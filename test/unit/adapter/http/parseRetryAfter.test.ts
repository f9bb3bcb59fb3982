import { expect, it } from "vitest";
import { parseRetryAfter } from "../../../../lib/adapter/http/responseError.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");

it.each([
  ["3", 3_000],
  ["0", 0],
  ["1.5", 1_500],
  [" 7 ", 7_000],
  ["86400", 86_400_000],
  ["99999999999999999999", 2_592_000_000],
  ["Sun, 01 Mar 2026 12:00:30 GMT", 30_000],
  ["Sunday, 01-Mar-26 12:00:30 GMT", 30_000],
  ["Sun, 01 Mar 2026 11:59:00 GMT", 0],
  ["Mon, 02 Mar 2026 12:00:00 GMT", 86_400_000],
])("reads the Retry-After %s", (header, milliseconds) => {
  expect(parseRetryAfter(header, NOW)).toBe(milliseconds);
});

it.each([undefined, "", "-3", "soon", "2026-03-01T12:00:30Z", "Xyz, nonsense GMT", "Infinity"])(
  "takes the Retry-After %s for none",
  (header) => {
    expect(parseRetryAfter(header, NOW)).toBeUndefined();
  },
);
