import type { Config } from "../config/Config.ts";
import { postBatch, type SendBatch } from "../runtime/aws/postBatch.ts";
import { nodeHttpClient } from "../runtime/nodeHttpClient.ts";
import { createEdgeServices } from "./createEdgeServices.ts";
import { environmentVariable } from "./environmentVariable.ts";
import type { EdgeServices } from "./Services.ts";
import { awsFromEnvironment, secretsFromEnvironment } from "./secretsFromEnvironment.ts";
import { telling } from "./telling.ts";

/** The webhook function's services and its queue, from its environment. */
export function edgeFromEnvironment(config: Config): { readonly services: EdgeServices; readonly inbound: SendBatch } {
  const secrets = secretsFromEnvironment(config, "webhook");
  return {
    services: createEdgeServices({ config, ...telling(secrets.redact), http: nodeHttpClient, secrets }),
    inbound: postBatch(awsFromEnvironment(), environmentVariable("INBOUND_QUEUE_URL")),
  };
}
