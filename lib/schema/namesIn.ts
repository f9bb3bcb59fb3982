import { isObject } from "./isObject.ts";

/** The names of an object's fields; of what is no object none. */
export function namesIn(value: unknown): readonly string[] {
  return isObject(value) ? Object.keys(value) : [];
}
