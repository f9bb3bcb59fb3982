import * as v from "valibot";

/** A `Person`, as jobs and rows hold them. */
export const personSchema = v.object({ id: v.string(), name: v.exactOptional(v.string()) });
