import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { requireConfig } from "../lib/config/loadConfig.ts";
import { GatewayStack } from "./GatewayStack.ts";

export interface SynthesizeProps {
  readonly stackName: string;
  /** Absolute path of `vesper.config.ts`. */
  readonly configPath: string;
}

/**
 * The gateway's CloudFormation template, built in this process and without bundling the functions, in well under a
 * second: for tests and the local runner. It is the template that `cdk synth` makes but for the assets' hashes.
 *
 * @throws ConfigError when the config is wrong
 */
export function synthesize({ stackName, configPath }: SynthesizeProps): Readonly<Record<string, unknown>> {
  const outdir = mkdtempSync(join(tmpdir(), "vesper-synth-"));
  try {
    const app = new App({
      outdir,
      analyticsReporting: false,
      treeMetadata: false,
      // The template's validator takes longer than everything else; `cdk synth` runs it.
      builtinCloudFormationValidation: false,
      context: { "aws:cdk:bundling-stacks": [], "aws:cdk:enable-asset-metadata": false },
    });
    new GatewayStack(app, stackName, { config: requireConfig(configPath), configPath });
    return app.synth({ skipValidation: true }).getStackByName(stackName).template;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
