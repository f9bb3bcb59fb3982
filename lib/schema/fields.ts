import * as v from "valibot";
import { isObject } from "./isObject.ts";
import { tellMissing } from "./tellMissing.ts";

/**
 * An object whose mistakes are told to whoever wrote it; fields that are not in `entries` are left out. Unlike
 * `v.object` it refuses a list, and says of a missing field what that field must be.
 *
 * @param shows what is allowed, in words
 */
export function fields<const Entries extends v.ObjectEntries>(entries: Entries, shows: string) {
  type Input = v.InferInput<v.ObjectSchema<Entries, undefined>>;
  return v.pipe(v.custom<Input>(isObject, shows), v.object(entries, tellMissing(entries, shows)));
}
