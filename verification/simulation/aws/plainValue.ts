import { invalid } from "./invalid.ts";

/** A value as the table stores it: sharing nothing with the caller, and without what is undefined. */
export function stored(value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) throw invalid(`${value} is no number of DynamoDB's`);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(stored);
  if (value instanceof Uint8Array) return value.slice();
  const copy: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(value)) if (part !== undefined) copy[name] = stored(part);
  return copy;
}

/** Whether two plain values say the same. Much of an item is the very part that it was before: that is quick. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  let more = 0;
  for (const name in a) {
    if (!Object.hasOwn(b, name) || !isSame(a[name], b[name])) return false;
    more++;
  }
  for (const _name in b) more--;
  return more === 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
