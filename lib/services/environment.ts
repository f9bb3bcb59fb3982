import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { parse } from "../adapter/schema/parse.ts";
import type { Config } from "../config/Config.ts";
import { byName } from "../config/configSchema.ts";
import type { FunctionWithSecrets } from "../config/secrets.ts";
import { nodeHttpClient } from "../runtime/nodeHttpClient.ts";
import { awsFromEnvironment } from "./awsFromEnvironment.ts";
import { createServices } from "./createServices.ts";
import { environmentVariable } from "./environmentVariable.ts";
import { observabilityFromEnvironment } from "./observabilityFromEnvironment.ts";
import type { CoreServices, Queue, Services } from "./Services.ts";
import { secretsFromEnvironment } from "./secretsFromEnvironment.ts";

/**
 * The services of a function that needs no adapter, from its environment.
 *
 * @param redact takes out of a text what must not stand in the log: of each one, and of the finished line
 */
export function coreFromEnvironment(config: Config, redact = (line: string) => line): CoreServices {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientDefaults), {
    marshallOptions: { removeUndefinedValues: true },
  });
  return {
    config,
    ...observabilityFromEnvironment(redact),
    table: { client, name: environmentVariable("TABLE_NAME") },
    random: Math.random,
  };
}

/** The services of a function, from its environment. Its secrets are on their way from here on. */
export function servicesFromEnvironment(config: Config, name: FunctionWithSecrets): Services {
  const secrets = secretsFromEnvironment(awsFromEnvironment(), config, name);
  return createServices({
    ...coreFromEnvironment(config, secrets.redact),
    http: nodeHttpClient,
    secrets,
  });
}

/** The queue whose address stands in the environment variable `name`. */
export function queueFromEnvironment(name: string): Queue {
  return { client: new SQSClient(clientDefaults), url: environmentVariable(name) };
}

const urlsSchema = byName(v.string(), "an object of addresses");

/**
 * The queues whose addresses stand in the environment variable `name`, a JSON object, by the names that they have there.
 *
 * @throws EnvironmentError, SyntaxError or TypeError when it does not hold that
 */
export function queuesFromEnvironment(name: string): ReadonlyMap<string, Queue> {
  const client = new SQSClient(clientDefaults);
  const urls = parse(urlsSchema, JSON.parse(environmentVariable(name)));
  return new Map(Object.entries(urls).map(([key, url]) => [key, { client, url }]));
}

/**
 * How the functions' AWS clients wait. A call takes milliseconds; one that hangs is broken off, and repeated by the SDK,
 * well within the function's own time. Milliseconds.
 */
export const clientDefaults = {
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
};
