import type { Template } from "aws-cdk-lib/assertions";
import * as v from "valibot";
import { functionOf } from "./gatewayTemplate.ts";

const oneOrMore = <Item extends v.GenericSchema>(item: Item) =>
  v.union([
    v.array(item),
    v.pipe(
      item,
      v.transform((one) => [one]),
    ),
  ]);
const documentSchema = v.object({
  Statement: v.array(
    v.object({
      Action: oneOrMore(v.string()),
      Effect: v.literal("Allow"),
      Resource: oneOrMore(v.unknown()),
      Condition: v.optional(
        v.strictObject({
          "ForAllValues:StringLike": v.strictObject({ "dynamodb:LeadingKeys": v.strictTuple([v.string()]) }),
        }),
      ),
    }),
  ),
});
const roleSchema = v.object({
  Policies: v.optional(v.array(v.object({ PolicyDocument: documentSchema }))),
  ManagedPolicyArns: v.optional(v.array(v.unknown())),
});

/** Everything that a role may do, as `action on resource`, with the keys that it is limited to, in order. */
export function grantsOfRole(template: Template, role: string): readonly string[] {
  const { Policies: inline = [], ManagedPolicyArns: managed = [] } = v.parse(
    roleSchema,
    template.findResources("AWS::IAM::Role")[role]?.Properties,
  );
  if (managed.length > 0) throw new Error(`the role ${role} has managed policies: ${JSON.stringify(managed)}`);
  const attached = Object.values(template.findResources("AWS::IAM::Policy"))
    .filter(({ Properties: { Roles: roles } }) => JSON.stringify(roles).includes(`"${role}"`))
    .map(({ Properties: { PolicyDocument: document } }) => v.parse(documentSchema, document));
  const documents = [...attached, ...inline.map(({ PolicyDocument: document }) => document)];
  return documents
    .flatMap(({ Statement: statements }) => statements)
    .flatMap(({ Action: actions, Resource: resources, Condition: condition }) => {
      const keys = condition ? ` ${condition["ForAllValues:StringLike"]["dynamodb:LeadingKeys"][0]}` : "";
      return actions.flatMap((action) => resources.map((resource) => `${action} on ${nameOf(resource)}${keys}`));
    })
    .sort();
}

const referenceSchema = v.union([
  v.pipe(
    v.object({ Ref: v.string() }),
    v.transform(({ Ref }) => `<${Ref}>`),
  ),
  v.pipe(
    v.object({ "Fn::GetAtt": v.strictTuple([v.string(), v.string()]) }),
    v.transform(({ "Fn::GetAtt": [id, attribute] }) => {
      const name = id.replace(/^Gateway/, "").replace(/[0-9A-F]{8}$/, "");
      return attribute === "Arn" ? name : `${name}.${attribute}`;
    }),
  ),
]);
const joinSchema = v.object({ "Fn::Join": v.strictTuple([v.literal(""), v.array(v.unknown())]) });

/** A resource in words: the logical id without its hash, and what is appended to it. */
function nameOf(resource: unknown): string {
  if (typeof resource === "string") return resource;
  const join = v.safeParse(joinSchema, resource);
  return join.success ? join.output["Fn::Join"][1].map(nameOf).join("") : v.parse(referenceSchema, resource);
}

/** Everything that the function of a source file may do, as `action on resource`, in order. */
export function grantsOf(template: Template, name: string): readonly string[] {
  return grantsOfRole(template, functionOf(template, name).Role["Fn::GetAtt"][0]);
}
