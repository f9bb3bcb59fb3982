import type { Template } from "aws-cdk-lib/assertions";
import * as z from "zod/mini";
import { functionOf } from "./gatewayTemplate.ts";

const oneOrMore = <Item extends z.ZodMiniType>(item: Item) =>
  z.union([
    z.array(item),
    z.pipe(
      item,
      z.transform((one) => [one]),
    ),
  ]);
const documentSchema = z.object({
  Statement: z.array(
    z.object({ Action: oneOrMore(z.string()), Effect: z.literal("Allow"), Resource: oneOrMore(z.unknown()) }),
  ),
});
const roleSchema = z.object({
  Policies: z.optional(z.array(z.object({ PolicyDocument: documentSchema }))),
  ManagedPolicyArns: z.optional(z.array(z.unknown())),
});

/** Everything that a role may do, as `action on resource`, in order. */
export function grantsOfRole(template: Template, role: string): readonly string[] {
  const { Policies: inline = [], ManagedPolicyArns: managed = [] } = roleSchema.parse(
    template.findResources("AWS::IAM::Role")[role]?.Properties,
  );
  if (managed.length > 0) throw new Error(`the role ${role} has managed policies: ${JSON.stringify(managed)}`);
  const attached = Object.values(template.findResources("AWS::IAM::Policy"))
    .filter(({ Properties: { Roles: roles } }) => JSON.stringify(roles).includes(`"${role}"`))
    .map(({ Properties: { PolicyDocument: document } }) => documentSchema.parse(document));
  const documents = [...attached, ...inline.map(({ PolicyDocument: document }) => document)];
  return documents
    .flatMap(({ Statement: statements }) => statements)
    .flatMap(({ Action: actions, Resource: resources }) =>
      actions.flatMap((action) => resources.map((resource) => `${action} on ${nameOf(resource)}`)),
    )
    .sort();
}

const referenceSchema = z.union([
  z.pipe(
    z.object({ Ref: z.string() }),
    z.transform(({ Ref }) => `<${Ref}>`),
  ),
  z.pipe(
    z.object({ "Fn::GetAtt": z.tuple([z.string(), z.string()]) }),
    z.transform(({ "Fn::GetAtt": [id, attribute] }) => {
      const name = id.replace(/^Gateway/, "").replace(/[0-9A-F]{8}$/, "");
      return attribute === "Arn" ? name : `${name}.${attribute}`;
    }),
  ),
]);
const joinSchema = z.object({ "Fn::Join": z.tuple([z.literal(""), z.array(z.unknown())]) });

/** A resource in words: the logical id without its hash, and what is appended to it. */
function nameOf(resource: unknown): string {
  if (typeof resource === "string") return resource;
  const join = joinSchema.safeParse(resource);
  return join.success ? join.data["Fn::Join"][1].map(nameOf).join("") : referenceSchema.parse(resource);
}

/** Everything that the function of a source file may do, as `action on resource`, in order. */
export function grantsOf(template: Template, name: string): readonly string[] {
  return grantsOfRole(template, functionOf(template, name).Role["Fn::GetAtt"][0]);
}
