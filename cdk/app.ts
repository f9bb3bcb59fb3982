import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { App } from "aws-cdk-lib";
import { GatewayStack } from "./GatewayStack.ts";

/**
 * What `cdk synth` and `cdk deploy` run. Two settings come from the environment: VESPER_STACK, the stack's name, and
 * VESPER_CONFIG, the path of the config from the working directory.
 */
const configPath = resolve(process.env.VESPER_CONFIG ?? "vesper.config.ts");

// A wrong config throws here, so that it stops the deployment and not the functions.
await import(pathToFileURL(configPath).href);

new GatewayStack(new App(), process.env.VESPER_STACK ?? "Vesper", { configPath });
