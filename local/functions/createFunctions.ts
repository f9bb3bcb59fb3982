import { join, parse } from "node:path";
import type { AccessKey } from "../http/accessKey.ts";
import { LocalError } from "../LocalError.ts";
import { mappingSpec } from "../mappings/mappingSpec.ts";
import type { Endpoints } from "../startEmulators.ts";
import { ACCOUNT, type Names, REGION } from "../template/Names.ts";
import { readResources } from "../template/readResources.ts";
import type { Template } from "../template/Template.ts";
import { FunctionPool, type FunctionPoolOptions } from "./FunctionPool.ts";
import { functionSpec } from "./functionSpec.ts";

const MS = 1000;

export interface FunctionsOptions extends FunctionPoolOptions {
  readonly template: Template;
  readonly names: Names;
  readonly endpoints: Endpoints;
  /** What the emulators ask for. */
  readonly accessKey: AccessKey;
  /** The sources' root: a function's `vesper:entry` is relative to it. */
  readonly root: string;
  /** Absolute path of each bundle, by that of its source. */
  readonly bundles: ReadonlyMap<string, string>;
}

/** The template's functions by ARN, not started yet; they are added to `names`. */
export function createFunctions(options: FunctionsOptions): ReadonlyMap<string, FunctionPool> {
  const { template, names } = options;
  const pools = new Map<string, FunctionPool>();
  const mapped = mappedFunctions(template);
  for (const { id, properties, resource } of readResources(
    template,
    "AWS::Lambda::Function",
    functionSpec,
    names.lookup,
  )) {
    const entry = resource.Metadata?.["vesper:entry"];
    if (typeof entry !== "string") throw new LocalError(`the function ${id} has no "vesper:entry" in its metadata`);
    const bundle = options.bundles.get(join(options.root, entry));
    if (bundle === undefined) throw new LocalError(`the function ${id} is to be made of ${entry}, which is not there`);
    const { name } = parse(entry);
    const arn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${id}`;
    names.add(id, id, { Arn: arn });
    const env = {
      LOG_LEVEL: "info",
      ...properties.Environment?.Variables,
      TZ: ":UTC",
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
      AWS_ACCESS_KEY_ID: options.accessKey.accessKeyId,
      AWS_SECRET_ACCESS_KEY: options.accessKey.secretAccessKey,
      AWS_ENDPOINT_URL_DYNAMODB: options.endpoints.dynamodb,
      AWS_ENDPOINT_URL_SQS: options.endpoints.sqs,
      AWS_ENDPOINT_URL_SSM: options.endpoints.ssm,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(properties.MemorySize),
      AWS_LAMBDA_FUNCTION_TIMEOUT: String(properties.Timeout),
    };
    const { MemorySize: memory } = properties;
    const spec = { name, bundle, timeout: properties.Timeout * MS, memory, env };
    pools.set(arn, new FunctionPool(spec, options, mapped.filter((name) => name === id).length));
  }
  return pools;
}

/** The logical id of the function of each event source mapping. */
function mappedFunctions(template: Template): readonly string[] {
  // Only functions are of interest, whose references are their ids.
  const mappings = readResources(template, "AWS::Lambda::EventSourceMapping", mappingSpec, (name) => name);
  return mappings.filter(({ properties }) => properties.Enabled).map(({ properties }) => properties.FunctionName);
}
