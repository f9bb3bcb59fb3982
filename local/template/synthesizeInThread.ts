import { once } from "node:events";
import type { SynthesizeProps } from "../../cdk/synthesize.ts";
import { MODULE_ENDING } from "../../lib/runtime/moduleEnding.ts";
import { LocalError } from "../LocalError.ts";
import { startThread } from "../startThread.ts";

/** One module that another asked for: by which name, and what that was. Both modules are addresses. */
export interface Import {
  readonly specifier: string;
  readonly from: string | undefined;
  readonly url: string;
}

/** What the thread answers: the template and all that was imported to make it, or why there is none. */
export type Synthesis =
  | { readonly template: unknown; readonly imports: readonly Import[] }
  | { readonly problem: string };

/**
 * The gateway's template, made in a thread of its own: beside the start of everything else, and the CDK's memory goes
 * with it.
 *
 * @throws LocalError when the config is wrong
 */
export async function synthesizeInThread(props: SynthesizeProps) {
  const worker = startThread(new URL(`./synthesizeThread${MODULE_ENDING}`, import.meta.url), props);
  const [synthesis]: Synthesis[] = await once(worker, "message");
  if (synthesis && "template" in synthesis) return synthesis;
  throw new LocalError(synthesis?.problem ?? "the thread that makes the template ended without it");
}
