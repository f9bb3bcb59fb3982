import * as v from "valibot";
import { LocalError } from "../LocalError.ts";
import { describeIssues } from "./describeIssues.ts";

const resource = v.object({
  Type: v.string(),
  Properties: v.optional(v.record(v.string(), v.unknown())),
  Metadata: v.optional(v.record(v.string(), v.unknown())),
});

const schema = v.object({
  Resources: v.record(v.string(), resource),
  Outputs: v.optional(v.record(v.string(), v.object({ Value: v.unknown() }))),
});

/** A CloudFormation template, as far as the local runner reads it. Values may hold intrinsic functions. */
export type Template = v.InferOutput<typeof schema>;

/** One resource of a template. */
export type TemplateResource = v.InferOutput<typeof resource>;

/** @throws LocalError when it is not a template */
export function parseTemplate(value: unknown): Template {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  throw new LocalError(`not a CloudFormation template: ${describeIssues(parsed.issues)}`);
}
