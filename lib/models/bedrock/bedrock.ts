import {
  type BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
} from "@aws-sdk/client-bedrock-runtime";
import * as v from "valibot";
import { defineAdapter } from "../../adapter/Adapter.ts";
import { awsError } from "../../adapter/aws/awsError.ts";
import { bedrockClient, bedrockOptions } from "../../adapter/aws/bedrockClient.ts";
import { callSignal } from "../../adapter/aws/clientSettings.ts";
import { countTokens } from "../../adapter/countTokens.ts";
import { DeliveryError } from "../../adapter/errors.ts";
import type { Model } from "../../adapter/Model.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import { modelGrants } from "./modelGrants.ts";
import { type Conversation, readConversation } from "./readConversation.ts";
import { readStream } from "./readStream.ts";
import { roundMessages, toolParameter } from "./toolMessages.ts";

const MODEL_SHOWS =
  'a model or an inference profile, such as "anthropic.claude-haiku-4-5-20251001-v1:0" or "eu.amazon.nova-lite-v1:0"';

const optionsSchema = strictFields({
  model: v.pipe(v.string(MODEL_SHOWS), v.regex(/^[a-zA-Z0-9][\w.:-]{2,200}$/, MODEL_SHOWS)),
  ...bedrockOptions,
});

/**
 * A model of Amazon Bedrock, by its Converse call: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 *
 * Deployed, the message function may call this model by its role, in `region`, by default the stack's own. Where there is
 * no such role, as on your own machine, `key` is a Bedrock API key.
 *
 * @example
 * bedrock({ model: "eu.amazon.nova-lite-v1:0" })
 */
export const bedrock = defineAdapter(
  "model",
  "bedrock",
  optionsSchema,
  process.env.VESPER_WITHOUT_MODELS
    ? undefined
    : ({ model, ...options }, services): Model => {
        const client = bedrockClient(options, services);
        return {
          async complete({ system, messages, timeout, signal, onText, tools = [], mustCall, rounds = [] }) {
            const abortSignal = callSignal(timeout, signal);
            const input: ConverseCommandInput = {
              modelId: model,
              system: [{ text: system }],
              messages: [
                ...messages.map(({ role, content }) => ({ role, content: [{ text: content }] })),
                ...rounds.flatMap(roundMessages),
              ],
              ...(tools.length > 0
                ? { toolConfig: { tools: tools.map(toolParameter), ...(mustCall ? { toolChoice: { any: {} } } : {}) } }
                : {}),
            };
            let output: Conversation;
            try {
              output = await (onText
                ? converseInStream(client(), input, abortSignal, onText)
                : client().send(new ConverseCommand(input), { abortSignal }));
            } catch (error) {
              throw awsError("Bedrock", error, abortSignal, services.clock.now());
            }
            const answer = readConversation(output, model);
            countTokens(services, answer.usage);
            return answer;
          },
        };
      },
  { grants: ({ model, region, key }) => (key ? [] : modelGrants(model, region)) },
);

async function converseInStream(
  client: BedrockRuntimeClient,
  input: ConverseCommandInput,
  abortSignal: AbortSignal,
  onText: (textSoFar: string) => void,
): Promise<Conversation> {
  const { stream } = await client.send(new ConverseStreamCommand(input), { abortSignal });
  if (!stream) throw new DeliveryError("transient", "Bedrock answered without a stream");
  return readStream(stream, onText);
}
