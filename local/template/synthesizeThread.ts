import { parentPort, workerData } from "node:worker_threads";
import { type SynthesizeProps, synthesize } from "../../cdk/synthesize.ts";
import { VesperError } from "../../lib/domain/VesperError.ts";
import type { Synthesis } from "./synthesizeInThread.ts";

const props: SynthesizeProps = workerData;

function run(): Synthesis {
  try {
    return { template: synthesize(props) };
  } catch (error) {
    // Between threads an error loses its class.
    if (error instanceof VesperError) return { problem: error.message };
    throw error;
  }
}

parentPort?.postMessage(run());
