/** The most that a provider may ask us to wait, milliseconds: a server may say a day by mistake. */
const LONGEST_RETRY_AFTER = 15 * 60_000;

/**
 * When to try a failed hook again, milliseconds since the epoch; undefined when the schedule is used up. A provider's
 * Retry-After only ever makes the wait longer.
 *
 * @param attempts how many have been made
 * @param retryAfter what the provider asks for, milliseconds
 */
export function retryAt(
  schedule: readonly number[],
  attempts: number,
  now: number,
  retryAfter: number | undefined,
): number | undefined {
  const wait = schedule[attempts - 1];
  if (wait === undefined) return undefined;
  return now + Math.max(wait, Math.min(retryAfter ?? 0, LONGEST_RETRY_AFTER));
}
