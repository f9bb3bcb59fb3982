/** The ids of the failures that a markdown page lists in its tables, in order: `L1`, `T12`, … */
export function listedFailures(page: string): readonly string[] {
  return [...page.matchAll(/^\| ([LTDWBP]\d+) \|/gm)].flatMap(([, id]) => id ?? []);
}
