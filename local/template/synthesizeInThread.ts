import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { SynthesizeProps } from "../../cdk/synthesize.ts";

/**
 * The gateway's template, made in a thread of its own: beside the start of everything else, and the CDK's memory goes
 * with it.
 */
export async function synthesizeInThread(props: SynthesizeProps): Promise<unknown> {
  const worker = new Worker(new URL("./synthesizeThread.ts", import.meta.url), { workerData: props });
  const [template]: unknown[] = await once(worker, "message");
  return template;
}
