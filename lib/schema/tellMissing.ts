import type * as v from "valibot";

/**
 * The message of an object's schema: a field that is missing is told in the words of the field's own schema, all else in
 * those of the whole.
 */
export function tellMissing(entries: v.ObjectEntries, shows: string): (issue: v.BaseIssue<unknown>) => string {
  return ({ path }) => {
    const field = path && entries[String(path[0].key)];
    return field && "message" in field && typeof field.message === "string" ? field.message : shows;
  };
}
