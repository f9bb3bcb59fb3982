/** Milliseconds of each unit of a duration text, smallest first. */
const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of a text such as `"30s"`, `"90m"`, `"24h"` or `"7d"`; undefined when it is not one. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text);
  if (!match) return undefined;
  const [, amount, unit] = match;
  return Number(amount) * UNITS[unit as keyof typeof UNITS];
}

/** Milliseconds as a duration text in the largest unit that holds them whole, such as `"8d"`; `parseDuration` reads it. */
export function formatDuration(milliseconds: number): string {
  const units = Object.entries(UNITS).reverse();
  const [unit, length] = units.find(([, each]) => milliseconds >= each && milliseconds % each === 0) ?? ["ms", 1];
  return `${milliseconds / length}${unit}`;
}
