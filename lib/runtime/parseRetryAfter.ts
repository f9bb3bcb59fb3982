/** Nobody means a longer one. Who calls decides how much of it is waited for. */
const MOST = 30 * 86_400_000;

/**
 * Milliseconds that a `Retry-After` header asks to wait: seconds or an HTTP date, 30 days at the most. Undefined when
 * there is none that makes sense.
 *
 * @param now milliseconds since the epoch
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Math.ceil(Number(text) * 1000), MOST);
  // Date.parse takes many texts for a date; an HTTP date starts with a weekday and ends in GMT.
  if (!/^[A-Z][a-z]{2,8},? .+ GMT$/.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.min(Math.max(date - now, 0), MOST);
}
