import { DeliveryError } from "../../adapter/errors.ts";
import type { Model, ModelAnswer, ModelRequest, ModelUsage } from "../../adapter/Model.ts";
import type { ToolRound } from "../../adapter/Toolbox.ts";
import type { ToolBelt } from "./toolBelt.ts";

/**
 * Asks a model, calls the tools that it wants, and asks it again, until it answers. What tools answered is for the model
 * alone: it is no part of the reply, and so of no transcript.
 *
 * @param most calls of tools: a model that wants more is told so, once
 * @param request made anew for each time that it is asked, with the time that is left
 * @returns its last answer, with the tokens of all of them
 */
export async function converse(
  model: Model,
  belt: ToolBelt | undefined,
  most: number,
  request: () => ModelRequest,
): Promise<ModelAnswer> {
  const rounds: ToolRound[] = [];
  let usage: ModelUsage | undefined;
  // Each round has a call at the least; in the last one it is told that there are no more.
  while (rounds.length <= most + 1) {
    const asked = request();
    const answer = await model.complete(belt ? { ...asked, tools: belt.specs, rounds: [...rounds] } : asked);
    usage = sum(usage, answer.usage);
    if (!belt || !answer.calls) return { ...answer, ...(usage ? { usage } : {}) };
    const { text, calls } = answer;
    rounds.push({ text, calls, results: await belt.call(calls, asked) });
  }
  throw new DeliveryError("invalid", `the model wanted more than ${most} calls of tools, and did not answer`);
}

function sum(one: ModelUsage | undefined, other: ModelUsage | undefined): ModelUsage | undefined {
  if (!one || !other) return one ?? other;
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
  };
}
