import type * as v from "valibot";

/** Whether an issue is of a field that a strict object does not know; the path ends with its name. */
export function isUnknownField({ expected, path }: v.BaseIssue<unknown>): boolean {
  return expected === "never" && path !== undefined;
}
