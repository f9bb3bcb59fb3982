import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SSMClient } from "@aws-sdk/client-ssm";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Config } from "../config/Config.ts";
import { systemClock } from "./Clock.ts";
import { clientDefaults } from "./clientDefaults.ts";
import { createServices } from "./createServices.ts";
import { emfMetrics } from "./emfMetrics.ts";
import { environmentVariable } from "./environmentVariable.ts";
import { jsonLogger } from "./jsonLogger.ts";
import { knownSecrets } from "./knownSecrets.ts";
import { nodeHttpClient } from "./nodeHttpClient.ts";
import type { Services } from "./Services.ts";
import { ssmSecrets } from "./ssmSecrets.ts";

/** The services of a function, from its environment. */
export function servicesFromEnvironment(config: Config): Services {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientDefaults), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const secrets = knownSecrets(
    ssmSecrets(new SSMClient(clientDefaults), environmentVariable("SECRETS_PREFIX"), systemClock),
  );
  const write = (line: string) => process.stdout.write(`${secrets.scrub(line)}\n`);
  return createServices({
    config,
    clock: systemClock,
    log: jsonLogger(systemClock, environmentVariable("LOG_LEVEL", "info"), write),
    metrics: emfMetrics(systemClock, environmentVariable("GATEWAY_NAME", "vesper"), write),
    table: { client, name: environmentVariable("TABLE_NAME") },
    http: nodeHttpClient,
    secrets,
  });
}
