import * as v from "valibot";
import { synthesize } from "../../cdk/synthesize.ts";
import { CONFIG_PATH } from "./gatewayTemplate.ts";

/** What moto makes of a template for real. It skips the rest in silence, or fails over it. */
const SUPPORTED = [
  "AWS::DynamoDB::Table",
  "AWS::IAM::Policy",
  "AWS::IAM::Role",
  "AWS::Lambda::EventSourceMapping",
  "AWS::Lambda::Function",
  "AWS::Logs::LogGroup",
  "AWS::SQS::Queue",
];

const resourceSchema = v.looseObject({
  Type: v.string(),
  Properties: v.optional(v.record(v.string(), v.unknown())),
});
const templateSchema = v.object({
  Resources: v.record(v.string(), resourceSchema),
  Outputs: v.record(v.string(), v.object({ Value: v.unknown() })),
});
const refSchema = v.object({ Ref: v.string() });
/** A provider's name and its queue's address. */
const joinSchema = v.object({ "Fn::Join": v.tuple([v.literal(""), v.tuple([v.string(), refSchema])]) });

/** The gateway's template, of the default config, without what moto does not know, and without these types. */
export function motoTemplate(stackName: string, without: readonly string[] = []): string {
  const { Resources: all, Outputs: outputs } = v.parse(
    templateSchema,
    synthesize({ stackName, configPath: CONFIG_PATH }),
  );
  const resources = Object.entries(all).filter(
    ([, { Type: type }]) => SUPPORTED.includes(type) && !without.includes(type),
  );
  const kept = new Set(resources.map(([id]) => id));
  return JSON.stringify({
    Resources: Object.fromEntries(
      resources.map(([id, { Type: type, DependsOn: _order, ...rest }]) => [
        id,
        { ...rest, Type: type, Properties: { ...rest.Properties, ...instead(stackName, id, type, rest.Properties) } },
      ]),
    ),
    Outputs: Object.fromEntries(
      Object.entries(outputs).filter(([, { Value: value }]) => {
        const ref = v.safeParse(refSchema, v.is(joinSchema, value) ? value["Fn::Join"][1][1] : value);
        return ref.success && kept.has(ref.output.Ref);
      }),
    ),
  });
}

/** Properties that moto needs otherwise. */
function instead(stackName: string, id: string, type: string, properties: Readonly<Record<string, unknown>> = {}) {
  // AWS ends a generated name as a FIFO queue's must.
  if (type === "AWS::SQS::Queue" && properties.FifoQueue === true) return { QueueName: `${stackName}-${id}.fifo` };
  // There is no bucket with the bundle, and nothing runs it.
  if (type === "AWS::Lambda::Function") return { Code: { ZipFile: "exports.handler = () => {};" } };
  return {};
}
