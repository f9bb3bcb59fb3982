import * as v from "valibot";
import type { SynthesizeProps } from "../../cdk/synthesize.ts";
import { areCurrent, inputsOf, machineTime } from "../files/Inputs.ts";
import { readJson } from "../files/readJson.ts";
import { writeAtomically } from "../files/writeAtomically.ts";
import { filesOfTemplate } from "./filesOfTemplate.ts";
import { synthesizeInThread } from "./synthesizeInThread.ts";

const keptSchema = v.object({
  stackName: v.string(),
  configPath: v.string(),
  inputs: v.record(v.string(), v.string()),
  template: v.unknown(),
});

/** A template, still in memory unless nothing has changed. */
export interface MadeTemplate {
  readonly template: unknown;
  /** Writes it where the next start looks for it. No other process may use the folder by now. */
  keep(): void;
}

/**
 * The gateway's template: the one that an earlier start has kept, for as long as no file has changed that it is made of, as
 * the CDK takes half of a start.
 *
 * @param path of the file in which it is kept
 * @throws LocalError when the config is wrong
 */
export async function makeTemplate(path: string, { stackName, configPath }: SynthesizeProps): Promise<MadeTemplate> {
  const kept = readJson(path, keptSchema);
  if (kept?.stackName === stackName && kept.configPath === configPath && areCurrent(kept.inputs)) {
    return { template: kept.template, keep: () => {} };
  }
  const began = machineTime();
  const { template, imports } = await synthesizeInThread({ stackName, configPath });
  return {
    template,
    keep() {
      const files = filesOfTemplate(imports);
      if (!files) return;
      const inputs = inputsOf(files, began);
      writeAtomically(path, JSON.stringify({ stackName, configPath, inputs, template }));
    },
  };
}
