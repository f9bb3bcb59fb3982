const UNITS = { B: 1, KB: 1_000, MB: 1_000_000 } as const;

/** Bytes of a text such as `"500B"`, `"100KB"` or `"1MB"` (a thousand, a million); undefined when it is not one. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d{1,9})(B|KB|MB)$/.exec(text);
  if (!match) return undefined;
  const [, amount, unit] = match;
  return Number(amount) * UNITS[unit as keyof typeof UNITS];
}

/** Bytes as a size text in the largest unit that holds them whole; `parseSize` reads it. */
export function formatSize(bytes: number): string {
  const units = Object.entries(UNITS).reverse();
  const [unit, size] = units.find(([, each]) => bytes >= each && bytes % each === 0) ?? ["B", 1];
  return `${bytes / size}${unit}`;
}
