const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
] as const;

/** A time as a person says it: "5m ago", "in 3h", "now"; "-" when it is not known. Both in milliseconds since the epoch. */
export function when(at: number | undefined, now: number): string {
  if (at === undefined) return "-";
  const away = Math.abs(at - now);
  const [unit, size] = UNITS.find(([, least]) => away >= least) ?? [];
  if (unit === undefined || size === undefined) return "now";
  const amount = `${Math.floor(away / size)}${unit}`;
  return at < now ? `${amount} ago` : `in ${amount}`;
}
