import * as v from "valibot";
import { eventReader } from "../../adapter/http/eventReader.ts";
import type { LineStream } from "../../adapter/http/HttpClient.ts";
import { parseLeniently } from "../../adapter/http/openaiError.ts";

const words = v.nullish(v.string());

/** A call comes in pieces: first its id and name, then its arguments bit by bit. */
const callSchema = v.object({
  index: v.number(),
  id: words,
  function: v.nullish(v.object({ name: words, arguments: words })),
});

/** Of a chunk what is used of it: https://platform.openai.com/docs/api-reference/chat-streaming */
const chunkSchema = v.object({
  model: v.optional(v.unknown()),
  choices: v.array(
    v.object({
      index: v.optional(v.number(), 0),
      delta: v.nullish(v.object({ content: words, refusal: words, tool_calls: v.nullish(v.array(callSchema)) })),
      finish_reason: words,
    }),
  ),
  // The last chunk has it, and no choices.
  usage: v.optional(v.unknown()),
  error: v.optional(v.unknown()),
});

/** A completion that comes in chunks. */
export interface CompletionReader {
  readonly stream: LineStream;
  /**
   * The answer as it would have come in one piece: a completion, the error that stood in the stream, or nothing of use where
   * the stream broke off. Undefined where there was no stream.
   */
  text(): string | undefined;
}

/** Puts a completion together, and tells its words so far each time that there are more. */
export function completionReader(onText: (textSoFar: string) => void): CompletionReader {
  let hasBegun = false;
  let other: string | undefined;
  let [content, refusal] = ["", ""];
  let finish: string | undefined;
  let isDone = false;
  const calls = new Map<number, { readonly id: string; readonly function: { name: string; arguments: string } }>();
  const told: { model?: unknown; usage?: unknown } = {};

  const take = (data: string) => {
    hasBegun = true;
    if (data === "[DONE]") {
      isDone = true;
      return;
    }
    const parsed = v.safeParse(chunkSchema, parseLeniently(data));
    if (!parsed.success || parsed.output.error) {
      // An error as a rule, in the place of an answer.
      other ??= data;
      return;
    }
    const { model, usage, choices } = parsed.output;
    if (model) told.model = model;
    if (usage) told.usage = usage;
    const choice = choices.find(({ index }) => index === 0);
    finish = choice?.finish_reason ?? finish;
    refusal += choice?.delta?.refusal ?? "";
    for (const { index, id, function: piece } of choice?.delta?.tool_calls ?? []) {
      const call = calls.get(index) ?? { id: id ?? "", function: { name: "", arguments: "" } };
      call.function.name += piece?.name ?? "";
      call.function.arguments += piece?.arguments ?? "";
      calls.set(index, call);
    }
    const more = choice?.delta?.content ?? "";
    content += more;
    if (more !== "") onText(content);
  };

  return {
    stream: { contentType: "text/event-stream", onLine: eventReader(take) },
    text: () => {
      if (!hasBegun) return undefined;
      if (other !== undefined) return other;
      if (finish === undefined && !isDone) return "";
      const message = {
        ...{ content, ...(refusal === "" ? {} : { refusal }) },
        ...(calls.size > 0 ? { tool_calls: [...calls.values()] } : {}),
      };
      return JSON.stringify({ ...told, choices: [{ finish_reason: finish, message }] });
    },
  };
}
