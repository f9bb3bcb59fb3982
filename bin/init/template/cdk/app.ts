import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { GatewayStack } from "vesper/cdk";
import config from "../vesper.config.ts";

/** What `cdk synth` and `cdk deploy` run. VESPER_STACK names the stack, and so the path of its secrets. */
new GatewayStack(new App(), process.env.VESPER_STACK ?? "Vesper", {
  config,
  configPath: join(import.meta.dirname, "../vesper.config.ts"),
  // What a deployment of yours needs otherwise than the defaults goes here: see SessionGatewayProps.
});
