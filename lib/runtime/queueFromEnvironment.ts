import { SQSClient } from "@aws-sdk/client-sqs";
import { clientDefaults } from "./clientDefaults.ts";
import { environmentVariable } from "./environmentVariable.ts";
import type { Queue } from "./Services.ts";

/** The queue whose address stands in the environment variable `name`. */
export function queueFromEnvironment(name: string): Queue {
  return { client: new SQSClient(clientDefaults), url: environmentVariable(name) };
}
