import { registerHooks } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import type { SynthesizeProps } from "../../cdk/synthesize.ts";
import { VesperError } from "../../lib/domain/VesperError.ts";
import type { Import, Synthesis } from "./synthesizeInThread.ts";

const { stackName, configPath }: SynthesizeProps = workerData;

const imports: Import[] = [];

// Before the first import of what makes the template.
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    imports.push({ specifier, from: context.parentURL, url: resolved.url });
    return resolved;
  },
});

const { synthesize } = await import("../../cdk/synthesize.ts");

function run(): Synthesis {
  try {
    return { template: synthesize({ stackName, configPath }), imports };
  } catch (error) {
    // Between threads an error loses its class.
    if (error instanceof VesperError) return { problem: error.message };
    throw error;
  }
}

parentPort?.postMessage(run());
