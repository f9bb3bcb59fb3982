import * as v from "valibot";
import { defineAdapter } from "../../adapter/Adapter.ts";
import { countTokens } from "../../adapter/countTokens.ts";
import { DeliveryError } from "../../adapter/errors.ts";
import { openaiEndpoint, openaiOptions } from "../../adapter/http/openaiEndpoint.ts";
import { openaiError } from "../../adapter/http/openaiError.ts";
import type { Model } from "../../adapter/Model.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import { completionReader } from "./completionReader.ts";
import { readCompletion } from "./readCompletion.ts";
import { roundMessages, toolParameter } from "./toolMessages.ts";

const MODEL_SHOWS = 'a model by the name that the server knows, such as "gpt-5-mini"';

const optionsSchema = strictFields({
  model: v.pipe(v.string(MODEL_SHOWS), v.nonEmpty(MODEL_SHOWS)),
  ...openaiOptions,
});

/**
 * A model behind the chat completions of OpenAI, which most hosted services and local servers speak, too:
 * https://platform.openai.com/docs/api-reference/chat/create
 *
 * `baseUrl` is what stands before `/chat/completions`, such as `http://127.0.0.1:11434/v1`; by default OpenAI's own. `key`
 * is left out for a server that asks for none.
 *
 * @example
 * openai({ model: "gpt-5-mini", key: secret("OPENAI_API_KEY") })
 */
export const openai = defineAdapter(
  "model",
  "openai",
  optionsSchema,
  process.env.VESPER_WITHOUT_MODELS
    ? undefined
    : ({ model, ...options }, services): Model => {
        const { url, post } = openaiEndpoint("/chat/completions", options, services);
        return {
          async complete({ system, messages, timeout, signal, onText, tools = [], mustCall, rounds = [] }) {
            const streamed = onText && completionReader(onText);
            const asked = {
              model,
              messages: [{ role: "system", content: system }, ...messages, ...rounds.flatMap(roundMessages)],
              ...(tools.length > 0 ? { tools: tools.map(toolParameter) } : {}),
              ...(mustCall ? { tool_choice: "required" } : {}),
              ...(streamed ? { stream: true, stream_options: { include_usage: true } } : {}),
            };
            const response = await post(asked, { timeout, signal }, streamed?.stream);
            const text = streamed?.text() ?? response.text;
            const failure = openaiError(url, { ...response, text }, services.clock.now());
            if (failure) throw failure;
            const read = readCompletion(text, model);
            if (read.answer) {
              countTokens(services, read.answer.usage);
              return read.answer;
            }
            throw new DeliveryError(read.kind, `${new URL(url).host}: ${read.problem}`, {
              status: response.status,
              outcome: "rejected",
            });
          },
        };
      },
);
