/**
 * The failures for which a markdown page gives a reason instead of a test, with that reason, in order: the lines
 * "- L99, no such part: the reason".
 */
export function excusedFailures(page: string): readonly (readonly [id: string, reason: string])[] {
  return [...page.matchAll(/^- ([LTDWBP]\d+), no such part: (\S.*)$/gm)].map(([, id = "", reason = ""]) => [
    id,
    reason,
  ]);
}
