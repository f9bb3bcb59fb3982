import * as v from "valibot";
import { defineAdapter } from "../../adapter/Adapter.ts";
import type { Embeddings } from "../../adapter/Embeddings.ts";
import { DeliveryError } from "../../adapter/errors.ts";
import { openaiEndpoint, openaiOptions } from "../../adapter/http/openaiEndpoint.ts";
import { openaiError } from "../../adapter/http/openaiError.ts";
import { readJson } from "../../adapter/http/readJson.ts";
import { wholeNumberSchema } from "../../adapter/options.ts";
import { packVector } from "../../adapter/packVector.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import type { Patience } from "../../adapter/Toolbox.ts";

const MODEL_SHOWS = 'an embedding model by the name that the server knows, such as "text-embedding-3-small"';

const optionsSchema = strictFields({
  model: v.pipe(v.string(MODEL_SHOWS), v.nonEmpty(MODEL_SHOWS)),
  dimensions: v.exactOptional(wholeNumberSchema(64, 4_096)),
  ...openaiOptions,
});

/**
 * Texts of one request: as many vectors of 4,096 numbers, each with all of a double's digits, are within the 1 MiB that is read
 * of an answer.
 */
const MOST_TEXTS = 8;

/** Of an answer what is used of it: https://platform.openai.com/docs/api-reference/embeddings/object */
const answerSchema = v.object({
  data: v.array(v.object({ index: v.number(), embedding: v.union([v.string(), v.array(v.number())]) })),
});

/**
 * Embeddings of OpenAI, which many hosted services and local servers speak, too:
 * https://platform.openai.com/docs/api-reference/embeddings/create
 *
 * `dimensions` is how many numbers a vector shall have, for a model that can shorten its own: a fact takes a byte for each,
 * and DynamoDB counts kilobytes. Without it they are as long as the model makes them. `baseUrl` and `key` are those of `openai`.
 *
 * @example
 * openaiEmbeddings({ model: "text-embedding-3-small", dimensions: 256, key: secret("OPENAI_API_KEY") })
 */
export const openaiEmbeddings = defineAdapter(
  "embeddings",
  "openai",
  optionsSchema,
  process.env.VESPER_WITHOUT_MODELS
    ? undefined
    : ({ model, dimensions, ...options }, services): Embeddings => {
        const { url, post } = openaiEndpoint("/embeddings", options, services);

        const embedSome = async (input: readonly string[], patience: Patience): Promise<readonly Uint8Array[]> => {
          const asked = {
            model,
            input,
            encoding_format: "base64",
            ...(dimensions === undefined ? {} : { dimensions }),
          };
          const response = await post(asked, patience);
          const failure = openaiError(url, response, services.clock.now());
          if (failure) throw failure;
          const { data } = readJson(answerSchema, url, response);
          return input.map((_, place) => {
            const { embedding } = data.find(({ index }) => index === place) ?? {};
            const numbers = typeof embedding === "string" ? numbersOf(embedding) : embedding;
            if (numbers && (dimensions ?? numbers.length) === numbers.length) return packVector(numbers);
            const problem = numbers
              ? `the model made ${numbers.length} numbers of a text, where dimensions asks for ${dimensions}: leave it out for a model that can't shorten its vectors`
              : "the answer has no vector of one of the texts";
            throw new DeliveryError("transient", `${new URL(url).host}: ${problem}`, {
              status: response.status,
              outcome: "rejected",
            });
          });
        };

        return {
          space: dimensions === undefined ? model : `${model}/${dimensions}`,
          async embed(texts, patience) {
            const vectors: Uint8Array[] = [];
            for (let from = 0; from < texts.length; from += MOST_TEXTS) {
              vectors.push(...(await embedSome(texts.slice(from, from + MOST_TEXTS), patience)));
            }
            return vectors;
          },
        };
      },
);

/** Numbers of four bytes each, the lowest first. A server that knows no such form answers a list of numbers. */
function numbersOf(base64: string): readonly number[] {
  const bytes = Buffer.from(base64, "base64");
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, place) => bytes.readFloatLE(place * 4));
}
