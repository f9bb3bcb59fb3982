import { SQSClient } from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { byName } from "../config/byName.ts";
import { parse } from "../schema/parse.ts";
import { clientDefaults } from "./clientDefaults.ts";
import { environmentVariable } from "./environmentVariable.ts";
import type { Queue } from "./Services.ts";

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
