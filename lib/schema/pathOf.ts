import type * as v from "valibot";

/** Where the value of an issue stands: the names and indexes that lead to it. */
export function pathOf({ path }: v.BaseIssue<unknown>): readonly PropertyKey[] {
  return (path ?? []).map(({ key }) => key).filter((key) => typeof key === "string" || typeof key === "number");
}
