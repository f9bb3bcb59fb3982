const UNITS = { d: 86_400_000, h: 3_600_000, min: 60_000, s: 1_000 } as const;

/** Milliseconds for people, in the two largest units that it has: such as `1 d 3 h`. What is under a second is left out. */
export function roughly(milliseconds: number): string {
  let left = milliseconds;
  const parts = Object.entries(UNITS).flatMap(([unit, length]) => {
    const count = Math.floor(left / length);
    left %= length;
    return count > 0 ? [`${count} ${unit}`] : [];
  });
  return parts.slice(0, 2).join(" ") || "0 s";
}
