/** What the list of failures, its reasons and the tests come to. */
export interface Tally {
  /** Each row: the test files that name it, and the reason why none needs to. */
  readonly rows: readonly { readonly id: string; readonly files: readonly string[]; readonly reason?: string }[];
  readonly tested: number;
  readonly excused: number;
  /** What is wrong, a line each: a row with neither, a row with both, a row that is named and not listed. */
  readonly problems: readonly string[];
}

/**
 * Holds the list against what the tests claim.
 *
 * @param listed the rows' ids
 * @param excused the rows with a reason, and the reason
 * @param claimed each test file's path and the ids that its titles name
 */
export function tallyFailures(
  listed: readonly string[],
  excused: readonly (readonly [id: string, reason: string])[],
  claimed: readonly (readonly [path: string, ids: readonly string[]])[],
): Tally {
  const reasons = new Map(excused);
  const rows = listed.map((id) => {
    const reason = reasons.get(id);
    const files = claimed.flatMap(([path, ids]) => (ids.includes(id) ? [path] : []));
    return { id, files, ...(reason === undefined ? {} : { reason }) };
  });
  const known = new Set(listed);
  return {
    rows,
    tested: rows.filter(({ files }) => files.length > 0).length,
    excused: rows.filter(({ files, reason }) => files.length === 0 && reason !== undefined).length,
    problems: [
      ...claimed.flatMap(([path, ids]) =>
        ids
          .filter((id) => !known.has(id))
          .map((id) => `${path} names ${id}, which docs/proof/failures.md does not list`),
      ),
      ...excused.flatMap(([id]) => (known.has(id) ? [] : [`there is a reason for ${id}, which is no row of the list`])),
      ...rows.flatMap(({ id, files, reason }) => {
        if (files.length === 0 && reason === undefined) return [`${id} has neither a test that names it nor a reason`];
        if (files.length > 0 && reason !== undefined) return [`${id} has a test; take its reason out`];
        return [];
      }),
    ],
  };
}
