import * as z from "zod/mini";
import { LocalError } from "../LocalError.ts";
import { describeIssues } from "./describeIssues.ts";
import { type Lookup, resolveValue } from "./resolveValue.ts";
import type { Template, TemplateResource } from "./Template.ts";

/**
 * Every resource of one type, its properties resolved and checked.
 *
 * @param type such as `AWS::SQS::Queue`
 * @param schema what the runner needs of the properties
 * @throws LocalError when a resource does not fit the schema
 */
export function readResources<Schema extends z.ZodMiniType>(
  template: Template,
  type: string,
  schema: Schema,
  lookup: Lookup,
): readonly { readonly id: string; readonly properties: z.output<Schema>; readonly resource: TemplateResource }[] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([id, resource]) => {
      const parsed = schema.safeParse(pick(resource.Properties ?? {}, schema, lookup));
      if (!parsed.success)
        throw new LocalError(`${type} ${id} of the template: ${describeIssues(parsed.error.issues)}`);
      return { id, properties: parsed.data, resource };
    });
}

/** What the schema leaves out is not resolved: it may refer to things that do not exist here, such as roles. */
function pick(value: unknown, schema: z.core.$ZodType, lookup: Lookup): unknown {
  if (schema instanceof z.ZodMiniOptional || schema instanceof z.ZodMiniDefault) {
    return value === undefined ? undefined : pick(value, schema.def.innerType, lookup);
  }
  if (!(schema instanceof z.ZodMiniObject) || typeof value !== "object" || value === null || isIntrinsic(value)) {
    return resolveValue(value, lookup);
  }
  const { shape, catchall } = schema.def;
  return Object.fromEntries(
    Object.entries(value)
      // A strict schema's strangers stay, so that it finds them.
      .filter(([name]) => name in shape || catchall !== undefined)
      .map(([name, item]) => {
        const known = shape[name];
        return [name, known ? pick(item, known, lookup) : item];
      }),
  );
}

function isIntrinsic(value: object): boolean {
  return Object.keys(value).some((name) => name === "Ref" || name.startsWith("Fn::"));
}
