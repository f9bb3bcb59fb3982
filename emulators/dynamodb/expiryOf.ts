import type { Item } from "./item.ts";

/** When an item expires, in whole epoch seconds; undefined when it never does: no such attribute, or not a number. */
export function expiryOf(item: Item | undefined, attribute: string): number | undefined {
  const text = item?.[attribute]?.N;
  if (text === undefined) return undefined;
  const seconds = Math.floor(Number(text));
  return seconds >= 0 && Number.isSafeInteger(seconds) ? seconds : undefined;
}
