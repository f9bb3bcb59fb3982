import { resolve } from "node:path";
import { App } from "aws-cdk-lib";
import { requireConfig } from "../lib/config/loadConfig.ts";
import { VesperError } from "../lib/domain/VesperError.ts";
import { GatewayStack } from "./GatewayStack.ts";

/**
 * What `cdk synth` and `cdk deploy` run. Two settings come from the environment: VESPER_STACK, the stack's name, and
 * VESPER_CONFIG, the path of the config from the working directory.
 */
const configPath = resolve(process.env.VESPER_CONFIG ?? "vesper.config.ts");

try {
  // A wrong config throws here, so that it stops the deployment and not the functions.
  const config = requireConfig(configPath);

  // What a deployment of yours needs otherwise than the defaults goes here: see SessionGatewayProps.
  new GatewayStack(new App(), process.env.VESPER_STACK ?? "Vesper", { config, configPath });
} catch (error) {
  // Everything else is a bug, whose stack is needed.
  if (!(error instanceof VesperError)) throw error;
  console.error(error.message);
  process.exit(1);
}
