/**
 * A title stands first in a call of `it` or `test`, in the second call of `it.each(…)(…)`, or first in a row of its table,
 * which becomes the title by `%s`. The title of a `describe` proves nothing by itself.
 */
const TITLE = /(?:\b(?:it|test)(?:\.\w+)*\(|\)\(|\[)\s*["'`]((?:[LTDWBP]\d+ +)+)\S/g;

/** The ids of the failures that a test file claims to prove: those at the start of its tests' titles, each once. */
export function claimedFailures(source: string): readonly string[] {
  const ids = [...source.matchAll(TITLE)].flatMap(([, ids = ""]) => ids.trim().split(/ +/));
  return [...new Set(ids)];
}
