import { DeliveryError } from "../../adapter/errors.ts";
import type { Patience, Toolbox, ToolCall, ToolResult, ToolSpec } from "../../adapter/Toolbox.ts";
import { truncate } from "../../adapter/text/truncate.ts";
import type { KeptResult } from "../../domain/KeptResult.ts";
import type { Logger } from "../../domain/observability.ts";

/** How models may call a tool. */
const NAME = /^[\w-]{1,64}$/;

/** What tools may take. */
export interface ToolLimits {
  /** Calls for one answer. */
  readonly calls: number;
  /** What one may take, milliseconds. */
  readonly time: number;
  /** Characters of one result. */
  readonly size: number;
}

/** The tools of all servers, by names that no two of them share. */
export interface ToolBelt {
  readonly specs: readonly ToolSpec[];
  /** Calls what a model wants, one after another. What fails, or is beyond the limits, says so in its result. */
  call(calls: readonly ToolCall[], patience: Patience): Promise<readonly ToolResult[]>;
  /** What the tools have answered so far, those that failed left out. */
  readonly answers: readonly KeptResult[];
}

/** Lists the tools of all servers, for one answer. Throws `DeliveryError` when one can't be asked for its tools. */
export async function toolBelt(
  boxes: ReadonlyMap<string, Toolbox>,
  limits: ToolLimits,
  log: Logger,
  patience: Patience,
): Promise<ToolBelt> {
  const found = await Promise.all(
    Array.from(boxes, async ([server, box]) => {
      const specs = await box.list({ ...patience, timeout: Math.min(limits.time, patience.timeout) });
      return specs.map((spec) => ({ box, tool: spec.name, spec: { ...spec, name: `${server}_${spec.name}` } }));
    }),
  );
  const known = found.flat().filter(({ spec }) => {
    const fits = NAME.test(spec.name);
    if (!fits) log.warn("tool.unnameable", { tool: spec.name });
    return fits;
  });
  const answers: KeptResult[] = [];
  let left = limits.calls;

  const callOne = async ({ id, name, input }: ToolCall, { timeout, signal }: Patience): Promise<ToolResult> => {
    const tool = known.find(({ spec }) => spec.name === name);
    if (!tool) return failed(id, "there is no such tool");
    if (left-- <= 0) return failed(id, "no more tools can be called for this answer: answer with what is known");
    const own = { timeout: Math.min(limits.time, timeout), signal };
    try {
      const result = await tool.box.call(tool.tool, input, own);
      const text = truncate(result.text, limits.size);
      if (!result.isError) answers.push({ tool: name, text });
      return { id, ...result, text: asData(text) };
    } catch (error) {
      if (!(error instanceof DeliveryError) || signal.aborted) throw error;
      log.warn("tool.failed", { tool: name, kind: error.kind });
      return failed(id, `the tool could not be called (${error.kind})`);
    }
  };

  return {
    specs: known.map(({ spec }) => spec),
    answers,
    async call(calls, patience) {
      const results: ToolResult[] = [];
      for (const one of calls) results.push(await callOne(one, patience));
      return results;
    },
  };
}

/** What others wrote, in the one field where it stands: as with memories, nothing in it can end the place. */
function asData(text: string): string {
  return JSON.stringify({ data: text }).replaceAll("<", "\\u003c");
}

/** In our own words. */
function failed(id: string, why: string): ToolResult {
  return { id, text: JSON.stringify({ error: why }), isError: true };
}
