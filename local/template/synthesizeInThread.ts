import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { SynthesizeProps } from "../../cdk/synthesize.ts";
import { MODULE_ENDING } from "../../lib/runtime/moduleEnding.ts";
import { LocalError } from "../LocalError.ts";

/** What the thread answers: the template, or why there is none. */
export type Synthesis = { readonly template: unknown } | { readonly problem: string };

/**
 * The gateway's template, made in a thread of its own: beside the start of everything else, and the CDK's memory goes
 * with it.
 *
 * @throws LocalError when the config is wrong
 */
export async function synthesizeInThread(props: SynthesizeProps): Promise<unknown> {
  const worker = new Worker(new URL(`./synthesizeThread${MODULE_ENDING}`, import.meta.url), { workerData: props });
  const [synthesis]: Synthesis[] = await once(worker, "message");
  if (synthesis && "template" in synthesis) return synthesis.template;
  throw new LocalError(synthesis?.problem ?? "the thread that makes the template ended without it");
}
