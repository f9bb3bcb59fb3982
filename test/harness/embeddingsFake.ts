import {
  type Answer,
  type FaultServer,
  type SeenRequest,
  startFaultServer,
} from "../../lib/adapter/testing/faultServer.ts";
import { directionOf } from "./directionOf.ts";

export interface EmbeddingsFake extends FaultServer {
  /** What stands before `/embeddings`. */
  readonly baseUrl: string;
  readonly key: string;
  /** The texts of each call that was answered. */
  readonly calls: readonly (readonly string[])[];
  /** The next call is answered with these fields instead. */
  answerWith(fields: object): void;
}

const MODEL = "stub-embed-1";

/** What the model makes when it is not told otherwise. */
const OWN_DIMENSIONS = 512;

/** As many as it can make. */
const MOST_DIMENSIONS = 4_096;

/** Each texts' most, and that of all texts: https://platform.openai.com/docs/api-reference/embeddings/create */
const MOST_CHARS = 30_000;

/**
 * The part of OpenAI's embeddings that is used, strict: what the real ones refuse is refused, and so is a field that they would
 * silently ignore. https://platform.openai.com/docs/api-reference/embeddings/create
 *
 * @param knows `base64`: numbers as bytes where they are asked for so; `lists`: a server that always answers lists of numbers
 * @param embed the vector of a text, of so many numbers
 */
export async function startEmbeddingsFake(
  knows: "base64" | "lists" = "base64",
  embed: (text: string, dimensions: number) => readonly number[] = directionOf,
  key = "sk-test-0123456789abcdefghij",
): Promise<EmbeddingsFake> {
  const calls: (readonly string[])[] = [];
  const answers: object[] = [];

  const accept = ({ method, path, headers, body }: SeenRequest): Answer => {
    if (method !== "POST" || path !== "/v1/embeddings") return failure(404, "unknown_url");
    if (headers.authorization !== `Bearer ${key}`) return failure(401, "invalid_api_key");
    const { model, input, dimensions = OWN_DIMENSIONS, encoding_format: format = "float", ...rest } = JSON.parse(body);
    if (Object.keys(rest).length > 0) return failure(400, "unknown_parameter");
    if (model !== MODEL) return failure(404, "model_not_found");
    if (!["float", "base64"].includes(format)) return failure(400, "invalid_value");
    if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > MOST_DIMENSIONS)
      return failure(400, "invalid_value");
    if (!isInput(input)) return failure(400, "invalid_value");
    calls.push(input);
    const vectors = input.map((text, index) => {
      const numbers = embed(text, dimensions);
      const inBytes = format === "base64" && knows === "base64";
      return { object: "embedding", index, embedding: inBytes ? inBase64(numbers) : numbers };
    });
    // In whatever order: each says its place.
    const answer = {
      object: "list",
      data: vectors.toReversed(),
      model: MODEL,
      usage: { prompt_tokens: 5, total_tokens: 5 },
    };
    return json(200, { ...answer, ...answers.shift() });
  };

  const server = await startFaultServer(accept, (status, headers) => {
    const answer = failure(status, status === 429 ? "rate_limit_exceeded" : `scripted_${status}`);
    return { ...answer, headers: { ...answer.headers, ...headers } };
  });
  return { ...server, key, calls, baseUrl: `${server.url}/v1`, answerWith: (fields) => void answers.push(fields) };
}

/** Up to 2,048 texts, none of them empty. */
function isInput(input: unknown): input is readonly string[] {
  if (!Array.isArray(input) || input.length === 0 || input.length > 2_048) return false;
  return input.every((text) => typeof text === "string" && text !== "" && text.length <= MOST_CHARS);
}

function inBase64(numbers: readonly number[]): string {
  return Buffer.from(Float32Array.from(numbers).buffer).toString("base64");
}

function failure(status: number, code: string): Answer {
  return json(status, { error: { message: "the stub repeats the prompt here", type: null, param: null, code } });
}

function json(status: number, body: object): Answer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
