import type { MemoryRow, Vector } from "../../adapter/MemoryStore.ts";

/** How near two vectors of one direction are: a signed byte's most, squared. */
const NEAREST = 127 ** 2;

/**
 * What words of the question are worth, beside nearness from -1 to 1, to the row that is first by them; the second has half
 * of it, and so on. As much as lets a name or a number decide among rows that mean much the same.
 */
const BY_WORDS = 0.05;

/**
 * Texts by what they mean, those nearest to the question first. One that has words of the question, and no vector of its
 * space, is taken for as near as the nearest. Texts with neither are left out. Pure.
 *
 * @param byWords the rows that have words of the question, best first
 */
export function rankByMeaning(
  rows: readonly MemoryRow[],
  byWords: readonly MemoryRow[],
  asked: Vector,
): readonly MemoryRow[] {
  const nearness = new Map(rows.map((row) => [row, row.vector && nearnessOf(row.vector, asked)]));
  const nearest = Math.max(0, ...[...nearness.values()].map((near) => near ?? 0));
  const scored = rows.flatMap((row) => {
    const place = byWords.indexOf(row);
    const near = nearness.get(row) ?? (place < 0 ? undefined : nearest);
    return near === undefined ? [] : [{ row, score: near + (place < 0 ? 0 : BY_WORDS / (1 + place)) }];
  });
  return scored.toSorted((a, b) => b.score - a.score).map(({ row }) => row);
}

/** From -1 to 1; undefined where two can't be compared. */
function nearnessOf(one: Vector, other: Vector): number | undefined {
  if (one.space !== other.space || one.packed.length !== other.packed.length) return undefined;
  const [a, b] = [new Int8Array(one.packed), new Int8Array(other.packed)];
  return a.reduce((sum, number, place) => sum + number * (b[place] ?? 0), 0) / NEAREST;
}
