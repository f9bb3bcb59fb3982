import * as v from "valibot";
import { isObject } from "../schema/isObject.ts";
import { namesIn } from "../schema/namesIn.ts";

const NAME_SHOWS = "a lower-case letter, then up to 31 letters, digits and hyphens";

/** A name that may stand in a path, a key and a queue group. */
export const nameSchema = v.pipe(v.string(NAME_SHOWS), v.check(isName, NAME_SHOWS));

/**
 * An object of what `value` parses, by names that may stand in a path, a key and a queue group. Unlike `v.record` it
 * refuses a list, and takes names that every object has.
 *
 * @param shows what is allowed, in words
 */
export function byName<Value extends v.GenericSchema>(value: Value, shows: string) {
  const named = v.lazy(
    (given): v.GenericSchema<Record<string, v.InferInput<Value>>, Record<string, v.InferOutput<Value>>> =>
      v.object(Object.fromEntries(namesIn(given).map((name) => [name, isName(name) ? value : v.never(NAME_SHOWS)]))),
  );
  return v.pipe(v.custom<Record<string, v.InferInput<Value>>>(isObject, shows), named);
}

function isName(text: string): boolean {
  return /^[a-z][a-z0-9-]{0,31}$/.test(text);
}
