const MINUTE = 60_000;

const DAY = 24 * 60 * MINUTE;

/** When Berlin's clocks go forward in the year of the scenarios; none lasts until they go back. */
const SUMMER = Date.parse("2026-03-29T01:00:00Z");

/**
 * The first moment after `after` (milliseconds since the epoch) at which it is that time of day in Berlin. Made for the
 * simulation alone, so that the code under test is not its own measure. A time that is skipped is read by winter's clock.
 */
export function berlinDaily(
  { hour, minute }: { readonly hour: number; readonly minute: number },
  after: number,
): number {
  for (let midnight = after - (after % DAY) - DAY; ; midnight += DAY) {
    const wall = midnight + (hour * 60 + minute) * MINUTE;
    const at = wall - 120 * MINUTE >= SUMMER ? wall - 120 * MINUTE : wall - 60 * MINUTE;
    if (at > after) return at;
  }
}
