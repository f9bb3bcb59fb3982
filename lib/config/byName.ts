import * as v from "valibot";
import { plainObject } from "../schema/plainObject.ts";

/** An object of what `value` parses, by names that `name` allows; `shows` is what is allowed, in words. */
export function byName<Value extends v.GenericSchema>(name: v.GenericSchema<string>, value: Value, shows: string) {
  return v.pipe(plainObject<Record<string, v.InferInput<Value>>>(shows), v.record(name, value));
}
