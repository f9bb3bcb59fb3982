/** How long records of what operators did are kept, milliseconds: a year and a month, so that a yearly review has its year. */
const KEPT = 396 * 24 * 3_600_000;

/** The TTL of a record that is written now, seconds since the epoch. @param now milliseconds since the epoch */
export function recordExpiry(now: number): number {
  return Math.floor((now + KEPT) / 1000);
}
