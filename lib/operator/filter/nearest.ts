/** The word that was probably meant, at most two letters away; undefined when none is that near. */
export function nearest(given: string, allowed: readonly string[]): string | undefined {
  const [best] = allowed
    .map((word) => ({ word, away: distance(given.toLowerCase(), word) }))
    .filter(({ away, word }) => away <= 2 && away < word.length)
    .sort((a, b) => a.away - b.away);
  return best?.word;
}

/** Letters to add, to leave out or to change: https://en.wikipedia.org/wiki/Levenshtein_distance */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
