/**
 * Units to read `size` bytes: one for each 4 KB begun, at least one, half of it when a stale answer will do.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function readUnits(size: number, consistent: boolean | undefined): number {
  return Math.max(1, Math.ceil(size / 4096)) * (consistent ? 1 : 0.5);
}
