import type { Config } from "../config/Config.ts";
import { postBatch, type SendBatch } from "../runtime/aws/postBatch.ts";
import { nodeHttpClient } from "../runtime/nodeHttpClient.ts";
import { awsFromEnvironment, endpointFromEnvironment } from "./awsFromEnvironment.ts";
import { createEdgeServices } from "./createEdgeServices.ts";
import { environmentVariable } from "./environmentVariable.ts";
import { observabilityFromEnvironment } from "./observabilityFromEnvironment.ts";
import type { EdgeServices } from "./Services.ts";
import { secretsFromEnvironment } from "./secretsFromEnvironment.ts";

/** The webhook function's services and its queue, from its environment. */
export function edgeFromEnvironment(config: Config): { readonly services: EdgeServices; readonly inbound: SendBatch } {
  const call = awsFromEnvironment();
  const secrets = secretsFromEnvironment(call, config, "webhook");
  const url = environmentVariable("INBOUND_QUEUE_URL");
  return {
    services: createEdgeServices({
      config,
      ...observabilityFromEnvironment(secrets.redact),
      http: nodeHttpClient,
      secrets,
    }),
    // A queue's address begins with that of its region's service.
    inbound: postBatch(call, endpointFromEnvironment("SQS", url), url),
  };
}
