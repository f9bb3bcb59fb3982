/** ISO 8601 text of a time in milliseconds since the epoch; null when it is not known. */
export function isoTime(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
