import * as z from "zod/mini";
import { LocalError } from "../LocalError.ts";
import { describeIssues } from "./describeIssues.ts";

const resource = z.object({
  Type: z.string(),
  Properties: z.optional(z.record(z.string(), z.unknown())),
  Metadata: z.optional(z.record(z.string(), z.unknown())),
});

const schema = z.object({
  Resources: z.record(z.string(), resource),
  Outputs: z.optional(z.record(z.string(), z.object({ Value: z.unknown() }))),
});

/** A CloudFormation template, as far as the local runner reads it. Values may hold intrinsic functions. */
export type Template = z.output<typeof schema>;

/** One resource of a template. */
export type TemplateResource = z.output<typeof resource>;

/** @throws LocalError when it is not a template */
export function parseTemplate(value: unknown): Template {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new LocalError(`not a CloudFormation template: ${describeIssues(parsed.error.issues)}`);
}
