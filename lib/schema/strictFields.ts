import * as v from "valibot";
import { plainObject } from "./plainObject.ts";
import { tellMissing } from "./tellMissing.ts";

/**
 * An object with no other fields than `entries`, whose mistakes are told to whoever wrote it. Unlike `v.strictObject` it
 * refuses a list, says of a missing field what that field must be, and has an issue for each unknown field
 * (`isUnknownField`), not for the first alone.
 *
 * @param shows what is allowed, in words
 */
export function strictFields<const Entries extends v.ObjectEntries>(
  entries: Entries,
  shows = `an object with ${Object.keys(entries).join(", ") || "nothing in it"}`,
) {
  type Exact = v.ObjectSchema<Entries, undefined>;
  // To the outside it is the object of its fields: the rest can hold nothing.
  const object: v.GenericSchema<v.InferInput<Exact>, v.InferOutput<Exact>> = v.objectWithRest(
    entries,
    v.never(shows),
    tellMissing(entries, shows),
  );
  return v.pipe(plainObject<v.InferInput<Exact>>(shows), object);
}
