import * as v from "valibot";
import { isObject } from "../../lib/domain/json.ts";
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
export function readResources<Schema extends v.GenericSchema>(
  template: Template,
  type: string,
  schema: Schema,
  lookup: Lookup,
): readonly { readonly id: string; readonly properties: v.InferOutput<Schema>; readonly resource: TemplateResource }[] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([id, resource]) => {
      const parsed = v.safeParse(schema, resolve(resource.Properties ?? {}, schema, lookup));
      if (!parsed.success) throw new LocalError(`${type} ${id} of the template: ${describeIssues(parsed.issues)}`);
      return { id, properties: parsed.output, resource };
    });
}

/** What the schema leaves out stays as it is: it may refer to things that do not exist here, such as roles. */
function resolve(value: unknown, schema: Part, lookup: Lookup): unknown {
  const entries = entriesOf(schema);
  if (!entries || !isObject(value) || isIntrinsic(value)) return resolveValue(value, lookup);
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const known = entries[name];
      return [name, known ? resolve(item, known, lookup) : item];
    }),
  );
}

/** A schema, and where the schema of an object may be in it. */
type Part = v.GenericSchema & {
  readonly entries?: v.ObjectEntries;
  readonly wrapped?: v.GenericSchema;
  readonly pipe?: readonly v.GenericPipeItem[];
};

function entriesOf({ entries, wrapped, pipe = [] }: Part): Part["entries"] {
  if (entries) return entries;
  if (wrapped) return entriesOf(wrapped);
  return pipe.map((item) => (item.kind === "schema" ? entriesOf(item) : undefined)).find((found) => found);
}

function isIntrinsic(value: object): boolean {
  return Object.keys(value).some((name) => name === "Ref" || name.startsWith("Fn::"));
}
