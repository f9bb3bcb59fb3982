import * as v from "valibot";
import { isObject } from "../../domain/json.ts";

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

/**
 * The message of an object's schema: a field that is missing is told in the words of the field's own schema, all else in
 * those of the whole.
 */
function tellMissing(entries: v.ObjectEntries, shows: string): (issue: v.BaseIssue<unknown>) => string {
  return ({ path }) => {
    const field = path && entries[String(path[0].key)];
    return field && "message" in field && typeof field.message === "string" ? field.message : shows;
  };
}

/** The names of an object's fields; of what is no object none. */
export function namesIn(value: unknown): readonly string[] {
  return isObject(value) ? Object.keys(value) : [];
}
