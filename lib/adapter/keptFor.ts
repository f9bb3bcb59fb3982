import type { Clock } from "../domain/observability.ts";

/**
 * Makes a value when it is asked for, and keeps it for so long, milliseconds. A failure is not kept, and those who ask while
 * it is made get the same.
 */
export function keptFor<Value, Given extends readonly unknown[]>(
  clock: Clock,
  time: number,
  make: (...given: Given) => Promise<Value>,
): (...given: Given) => Promise<Value> {
  let kept: { readonly value: Promise<Value>; readonly until: number } | undefined;
  return (...given) => {
    if (kept && clock.now() < kept.until) return kept.value;
    const made = { value: make(...given), until: clock.now() + time };
    kept = made;
    made.value.catch(() => {
      if (kept === made) kept = undefined;
    });
    return made.value;
  };
}
