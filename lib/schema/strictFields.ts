import * as v from "valibot";
import { isObject } from "./isObject.ts";
import { namesIn } from "./namesIn.ts";
import { tellMissing } from "./tellMissing.ts";

/**
 * An object with no other fields than `entries`, whose mistakes are told to whoever wrote it. Unlike `v.strictObject` it
 * refuses a list, says of a missing field what that field must be, and has an issue for each unknown field
 * (`isUnknownField`), not for the first alone, and for one that is named like what every object has, too.
 *
 * @param shows what is allowed, in words
 */
export function strictFields<const Entries extends v.ObjectEntries>(
  entries: Entries,
  shows = `an object with ${Object.keys(entries).join(", ") || "nothing in it"}`,
) {
  type Exact = v.ObjectSchema<Entries, undefined>;
  const never = v.never(shows);
  // To the outside it is the object of its fields: the unknown ones hold nothing.
  const object = v.lazy((given): v.GenericSchema<v.InferInput<Exact>, v.InferOutput<Exact>> => {
    const unknown = namesIn(given).filter((name) => !Object.hasOwn(entries, name));
    const all: Entries = { ...entries, ...Object.fromEntries(unknown.map((name) => [name, never])) };
    return v.object(all, tellMissing(entries, shows));
  });
  return v.pipe(v.custom<v.InferInput<Exact>>(isObject, shows), object);
}
