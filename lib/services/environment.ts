import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { parse } from "../adapter/schema/parse.ts";
import type { Config } from "../config/Config.ts";
import { byName } from "../config/configSchema.ts";
import { type FunctionWithSecrets, functionSecrets } from "../config/secrets.ts";
import { systemClock } from "../domain/observability.ts";
import { VesperError } from "../domain/VesperError.ts";
import { emfMetrics } from "../runtime/embeddedMetrics.ts";
import { jsonLogger } from "../runtime/jsonLogger.ts";
import { knownSecrets } from "../runtime/knownSecrets.ts";
import { nodeHttpClient } from "../runtime/nodeHttpClient.ts";
import { ssmSecrets } from "../runtime/ssmSecrets.ts";
import { createServices } from "./createServices.ts";
import type { CoreServices, Queue, Services } from "./Services.ts";

/**
 * The services of a function that needs no adapter, from its environment.
 *
 * @param redact takes out of a text what must not stand in the log: of each one, and of the finished line
 */
export function coreFromEnvironment(config: Config, redact = (line: string) => line): CoreServices {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientDefaults), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const gateway = environmentVariable("GATEWAY_NAME", "vesper");
  const write = (line: string) => process.stdout.write(`${redact(line)}\n`);
  return {
    config,
    clock: systemClock,
    log: jsonLogger(systemClock, environmentVariable("LOG_LEVEL", "info"), write, redact, gateway),
    metrics: emfMetrics(systemClock, gateway, write),
    table: { client, name: environmentVariable("TABLE_NAME") },
    random: Math.random,
  };
}

/** The services of a function, from its environment. Its secrets are on their way from here on. */
export function servicesFromEnvironment(config: Config, name: FunctionWithSecrets): Services {
  const client = new SSMClient(clientDefaults);
  const source = ssmSecrets(client, environmentVariable("SECRETS_PREFIX"), systemClock, functionSecrets(config, name));
  source.prefetch();
  const secrets = knownSecrets(source);
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
 * The value of an environment variable that the stack sets. Throws `EnvironmentError` when it is missing or empty and has
 * no `fallback`.
 */
export function environmentVariable(name: string, fallback?: string): string {
  const value = process.env[name] || fallback;
  if (!value) throw new EnvironmentError(name);
  return value;
}

class EnvironmentError extends VesperError {
  override readonly name = "EnvironmentError";
  readonly retry = false;
  constructor(name: string) {
    super(`environment variable ${name} is not set; the stack sets it on each function that needs it`);
  }
}

/**
 * How the functions' AWS clients wait. A call takes milliseconds; one that hangs is broken off, and repeated by the SDK,
 * well within the function's own time. Milliseconds.
 */
export const clientDefaults = {
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
};

/**
 * How middy runs a handler. It must not answer for one that is out of time: Lambda would take that for the end of the
 * invocation and keep the process, in which the late work goes on beside later invocations, its leases over. Without an
 * answer Lambda kills the process, which is what the leases count on.
 */
export const handlerSettings = { timeoutEarlyInMillis: 0 } as const;
