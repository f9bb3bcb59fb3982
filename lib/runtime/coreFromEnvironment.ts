import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Config } from "../config/Config.ts";
import { systemClock } from "./Clock.ts";
import { clientDefaults } from "./clientDefaults.ts";
import { emfMetrics } from "./emfMetrics.ts";
import { environmentVariable } from "./environmentVariable.ts";
import { jsonLogger } from "./jsonLogger.ts";
import type { CoreServices } from "./Services.ts";

/**
 * The services of a function that needs no adapter, from its environment.
 *
 * @param scrub takes out of a text what must not stand in the log: of each one, and of the finished line
 */
export function coreFromEnvironment(config: Config, scrub = (line: string) => line): CoreServices {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientDefaults), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const write = (line: string) => process.stdout.write(`${scrub(line)}\n`);
  return {
    config,
    clock: systemClock,
    log: jsonLogger(systemClock, environmentVariable("LOG_LEVEL", "info"), write, scrub),
    metrics: emfMetrics(systemClock, environmentVariable("GATEWAY_NAME", "vesper"), write),
    table: { client, name: environmentVariable("TABLE_NAME") },
    random: Math.random,
  };
}
