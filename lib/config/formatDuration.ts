import { UNITS } from "./duration.ts";

/** Milliseconds as a duration text in the largest unit that holds them whole, such as `"8d"`; `parseDuration` reads it. */
export function formatDuration(milliseconds: number): string {
  const units = Object.entries(UNITS).reverse();
  const [unit, length] = units.find(([, each]) => milliseconds >= each && milliseconds % each === 0) ?? ["ms", 1];
  return `${milliseconds / length}${unit}`;
}
