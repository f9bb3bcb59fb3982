import type { Item } from "./Item.ts";
import { invalid } from "./invalid.ts";
import { stored } from "./plainValue.ts";

/**
 * As it is stored: without what is undefined, sharing nothing with the caller, and not to be changed by a reader.
 *
 * @param before what is stored already; its parts are taken as they are
 */
export function itemOf(given: Record<string, unknown> | undefined, before: Item = {}): Item {
  const copy: Record<string, unknown> = {};
  for (const name in given) {
    const value = given[name];
    if (value !== undefined) copy[name] = value === before[name] ? value : stored(value);
  }
  const item: Item = Object.freeze(copy);
  const { state, at } = item;
  // An item without them is not in the index; one with others is refused.
  if (state !== undefined && (typeof state !== "string" || state === "")) throw invalid("state is a text, not empty");
  if (at !== undefined && typeof at !== "number") throw invalid("Type mismatch for Index Key at Expected: N");
  return item;
}
