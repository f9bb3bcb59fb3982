/** Whatever was thrown, as a text. JavaScript can throw what has none, and what reports it must not fail at that. */
export function inWords(thrown: unknown): string {
  try {
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  } catch {
    return `a thrown ${typeof thrown} that has no words`;
  }
}
