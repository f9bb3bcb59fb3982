import * as v from "valibot";
import type { FailureKind } from "../../adapter/errors.ts";
import { parseLeniently } from "../../adapter/http/openaiError.ts";
import type { ModelAnswer } from "../../adapter/Model.ts";
import type { ToolCall } from "../../adapter/Toolbox.ts";
import { jsonSchema } from "../../domain/json.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const inputSchema = v.record(v.string(), jsonSchema);

const callSchema = v.object({
  id: v.string(),
  function: v.object({ name: v.string(), arguments: v.string() }),
});

/** Of an answer what is used of it: https://platform.openai.com/docs/api-reference/chat/object */
const completionSchema = v.object({
  model: v.fallback(v.optional(v.string()), undefined),
  choices: v.looseTuple([
    v.object({
      finish_reason: v.nullish(v.string()),
      message: v.object({
        content: v.nullish(v.string()),
        refusal: v.nullish(v.string()),
        tool_calls: v.nullish(v.array(callSchema)),
      }),
    }),
  ]),
  usage: v.fallback(v.nullish(v.object({ prompt_tokens: count, completion_tokens: count })), undefined),
});

/** What an answer of status 2xx holds: the model's words, or why there are none. */
export type ReadCompletion =
  | { readonly answer: ModelAnswer }
  | { readonly answer?: undefined; readonly kind: FailureKind; readonly problem: string };

/**
 * Reads a completion. Pure.
 *
 * @param asked the model that was asked, where the answer names none
 */
export function readCompletion(text: string, asked: string): ReadCompletion {
  const parsed = v.safeParse(completionSchema, parseLeniently(text));
  // As of a server that is starting, or of something before it.
  if (!parsed.success) return { kind: "transient", problem: "the answer is no chat completion" };
  const { model = asked, choices, usage } = parsed.output;
  const { message, finish_reason: finish } = choices[0];
  if (finish === "content_filter") return { kind: "invalid", problem: "a content filter has held the answer back" };
  if (message.refusal) return { kind: "invalid", problem: "the model refused to answer" };
  const words = message.content ?? "";
  const calls = callsOf(message.tool_calls ?? []);
  if (!calls) return { kind: "transient", problem: "a tool is called with what is no object" };
  if (words.trim() === "" && calls.length === 0)
    return { kind: "transient", problem: `the answer has no words (${wordOf(finish)})` };
  return {
    answer: {
      text: words,
      model,
      ...(calls.length > 0 ? { calls } : {}),
      ...(usage ? { usage: { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens } } : {}),
      ...(finish === "length" ? { isCut: true } : {}),
    },
  };
}

/** The calls; undefined when one is not to be read, as where the answer was cut. */
function callsOf(given: readonly v.InferOutput<typeof callSchema>[]): readonly ToolCall[] | undefined {
  const calls: ToolCall[] = [];
  for (const { id, function: called } of given) {
    // Some servers send nothing for a tool that takes nothing.
    const input = v.safeParse(inputSchema, parseLeniently(called.arguments || "{}"));
    if (!input.success) return undefined;
    calls.push({ id, name: called.name, input: input.output });
  }
  return calls;
}

function wordOf(finish: string | null | undefined): string {
  return /^[a-z_]{1,30}$/.test(finish ?? "") ? `${finish}` : "no reason";
}
