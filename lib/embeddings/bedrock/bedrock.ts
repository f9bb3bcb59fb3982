import { InvokeModelCommand } from "@aws-sdk/client-bedrock-runtime";
import * as v from "valibot";
import { defineAdapter } from "../../adapter/Adapter.ts";
import { awsError } from "../../adapter/aws/awsError.ts";
import { bedrockClient, bedrockOptions } from "../../adapter/aws/bedrockClient.ts";
import { callSignal } from "../../adapter/aws/clientSettings.ts";
import type { Embeddings } from "../../adapter/Embeddings.ts";
import { DeliveryError } from "../../adapter/errors.ts";
import { packVector } from "../../adapter/packVector.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import type { Patience } from "../../adapter/Toolbox.ts";

/** Knows a hundred languages: https://docs.aws.amazon.com/bedrock/latest/userguide/titan-embedding-models.html */
const MODEL = "amazon.titan-embed-text-v2:0";

/** The lengths that the model makes: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html */
const DIMENSIONS = [256, 512, 1024] as const;

/** It takes one text a call; so many are under way at once. */
const AT_ONCE = 8;

const answerSchema = v.pipe(v.string(), v.parseJson(), v.object({ embedding: v.array(v.number()) }));

/**
 * Embeddings of Amazon Bedrock, by Titan Text Embeddings V2.
 *
 * Deployed, the functions may call it by their roles, in `region`, by default the stack's own. Where there is no such role, as
 * on your own machine, `key` is a Bedrock API key. A fact takes a byte for each of the `dimensions`, by default 256.
 *
 * @example
 * bedrockEmbeddings()
 */
export const bedrockEmbeddings = defineAdapter(
  "embeddings",
  "bedrock",
  strictFields({
    dimensions: v.optional(v.picklist(DIMENSIONS, `one of ${DIMENSIONS.join(", ")}`), 256),
    ...bedrockOptions,
  }),
  process.env.VESPER_WITHOUT_MODELS
    ? undefined
    : ({ dimensions, ...options }, services): Embeddings => {
        const client = bedrockClient(options, services);

        const embedOne = async (inputText: string, { timeout, signal }: Patience): Promise<Uint8Array> => {
          const abortSignal = callSignal(timeout, signal);
          const body = JSON.stringify({ inputText, dimensions, normalize: true });
          const command = new InvokeModelCommand({ modelId: MODEL, contentType: "application/json", body });
          try {
            const answer = await client().send(command, { abortSignal });
            const parsed = v.safeParse(answerSchema, answer.body?.transformToString());
            if (parsed.success && parsed.output.embedding.length === dimensions) {
              return packVector(parsed.output.embedding);
            }
            throw new DeliveryError("transient", `Bedrock answered without a vector of ${dimensions} numbers`, {
              outcome: "rejected",
            });
          } catch (error) {
            throw awsError("Bedrock", error, abortSignal, services.clock.now());
          }
        };

        return {
          space: `${MODEL}/${dimensions}`,
          async embed(texts, patience) {
            const vectors: Uint8Array[] = [];
            for (let from = 0; from < texts.length; from += AT_ONCE) {
              const some = texts.slice(from, from + AT_ONCE);
              vectors.push(...(await Promise.all(some.map((text) => embedOne(text, patience)))));
            }
            return vectors;
          },
        };
      },
  {
    grants: ({ region, key }) =>
      key
        ? []
        : [
            {
              actions: ["bedrock:InvokeModel"],
              resources: [
                {
                  service: "bedrock",
                  resource: `foundation-model/${MODEL}`,
                  account: "",
                  ...(region ? { region } : {}),
                },
              ],
            },
          ],
  },
);
