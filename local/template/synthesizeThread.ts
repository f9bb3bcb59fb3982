import { parentPort, workerData } from "node:worker_threads";
import { type SynthesizeProps, synthesize } from "../../cdk/synthesize.ts";

const props: SynthesizeProps = workerData;
parentPort?.postMessage(synthesize(props));
