import * as v from "valibot";

/** What each function may do with the table, by its name: such as `Query CONV` for a partition, `Query byState` for an index. */
export type TableRights = ReadonlyMap<string, ReadonlySet<string>>;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const templateSchema = v.object({
  Resources: v.record(
    v.string(),
    v.object({
      Type: v.string(),
      Metadata: v.optional(v.looseObject({ "vesper:entry": v.optional(v.string()) })),
      Properties: v.optional(v.looseObject({ Role: v.optional(v.unknown()), Roles: v.optional(v.unknown()) })),
    }),
  ),
});

const policySchema = v.object({
  PolicyDocument: v.object({ Statement: v.array(v.looseObject({ Action: v.unknown(), Resource: v.unknown() })) }),
});

const partsSchema = v.record(v.string(), v.looseObject({ TableName: v.string() }));

/** Reads the rights out of the template's policies, so that what is asked here is refused as AWS would refuse it. */
export function tableRights(template: string): TableRights {
  const resources = Object.values(v.parse(templateSchema, JSON.parse(template)).Resources);
  const functions = resources.flatMap(({ Metadata, Properties }) => {
    const name = /^functions\/(.+)\.ts$/.exec(Metadata?.["vesper:entry"] ?? "")?.[1];
    const role = /"(\w+)","Arn"/.exec(JSON.stringify(Properties?.Role ?? ""))?.[1];
    return name !== undefined && role !== undefined ? [[name, role] as const] : [];
  });
  const policies = resources.filter(({ Type }) => Type === "AWS::IAM::Policy");
  return new Map(
    functions.map(([name, role]) => {
      const own = policies.filter(({ Properties }) => JSON.stringify(Properties?.Roles).includes(`"${role}"`));
      const statements = own.flatMap(({ Properties }) => v.parse(policySchema, Properties).PolicyDocument.Statement);
      return [name, new Set(statements.flatMap(rightsOf))];
    }),
  );
}

function rightsOf({ Action, Resource, Condition }: Readonly<Record<string, unknown>>): readonly string[] {
  const partition = /"dynamodb:LeadingKeys":\["([A-Z]+)#\*"\]/.exec(JSON.stringify(Condition) ?? "")?.[1];
  const index = /\/index\/(\w+)"/.exec(JSON.stringify(Resource))?.[1];
  return listOf(Action)
    .map((action) => /^dynamodb:(\w+)$/.exec(String(action))?.[1])
    .flatMap((action) => (action === undefined ? [] : `${action} ${partition ?? index ?? "stream"}`));
}

/** The rights that a request of the SDK's needs; none for one that is not the table's. */
export function rightsFor(command: string, input: object): readonly string[] {
  const action = command.replace(/Command$/, "");
  const text = JSON.stringify(input);
  if (!text.includes('"TableName"') && !text.includes('"RequestItems"')) return [];
  // A transaction needs the rights of its parts: `Update` is UpdateItem.
  if (action.startsWith("TransactWrite") && "TransactItems" in input) {
    const parts = listOf(input.TransactItems).flatMap((item) => Object.entries(v.parse(partsSchema, item)));
    return parts.flatMap(([part, request]) => rightsFor(`${part}Item`, request));
  }
  const index = /"IndexName":"(\w+)"/.exec(text)?.[1];
  if (index !== undefined) return [`${action} ${index}`];
  const keys = text.matchAll(/"(?:pk|:pk)":(?:\{"S":)?"([A-Z]+)#/g);
  return [...new Set([...keys].map(([, partition]) => `${action} ${partition}`))];
}
