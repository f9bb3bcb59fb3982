import * as v from "valibot";
import { pathOf } from "./pathOf.ts";

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
