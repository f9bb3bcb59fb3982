import * as v from "valibot";

/**
 * Parses what comes from outside and was written by Vesper itself or by AWS, so that a mistake is a bug. Throws a
 * `TypeError` that says where, and what was expected there, but never what was given: that may be a user's words.
 */
export function parse<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const problems = parsed.issues.map((issue) => `${pathOf(issue).join(".") || "the whole"} must be ${issue.expected}`);
  throw new TypeError(`unexpected data: ${problems.join(", ")}`);
}

/** Where the value of an issue stands: the names and indexes that lead to it. */
export function pathOf({ path }: v.BaseIssue<unknown>): readonly PropertyKey[] {
  return (path ?? []).map(({ key }) => key).filter((key) => typeof key === "string" || typeof key === "number");
}

/** Whether an issue is of a field that a strict object does not know; the path ends with its name. */
export function isUnknownField({ expected, path }: v.BaseIssue<unknown>): boolean {
  return expected === "never" && path !== undefined;
}
