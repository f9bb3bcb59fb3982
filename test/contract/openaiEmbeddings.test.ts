import OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { secret } from "../../lib/adapter/options.ts";
import { embeddingsConformance } from "../../lib/adapter/testing/embeddingsConformance.ts";
import { failureOf } from "../../lib/adapter/testing/failureOf.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { openaiEmbeddings } from "../../lib/embeddings/openai/openai.ts";
import { directionOf } from "../harness/directionOf.ts";
import { type EmbeddingsFake, startEmbeddingsFake } from "../harness/embeddingsFake.ts";

const DIMENSIONS = 256;

const PATIENCE = { timeout: 2_000, signal: new AbortController().signal };

type Options = Partial<Parameters<typeof openaiEmbeddings>[0]>;

function embeddingsOf({ baseUrl, key }: EmbeddingsFake, options: Options = {}) {
  const services = testServices({ KEY: key }, 2_000);
  return openaiEmbeddings({ model: "stub-embed-1", key: secret("KEY"), baseUrl, ...options }).create(services);
}

for (const knows of ["base64", "lists"] as const) {
  embeddingsConformance({ describe, it }, `openai, of a server that knows ${knows}`, async () => {
    const server = await startEmbeddingsFake(knows);
    return {
      embeddings: embeddingsOf(server, { dimensions: DIMENSIONS }),
      server,
      directionOf: (text) => directionOf(text, DIMENSIONS),
      secrets: [server.key],
      close: () => server.close(),
    };
  });
}

describe("openaiEmbeddings", () => {
  let server: EmbeddingsFake;
  beforeEach(async () => {
    server = await startEmbeddingsFake();
  });
  afterEach(() => server.close());

  it("calls as the official library does: the same method, path, body and key", async () => {
    const official = new OpenAI({ apiKey: server.key, baseURL: server.baseUrl, maxRetries: 0 });
    const input = ["I live in Lisbon.", "Zoë 李"];
    await official.embeddings.create({ model: "stub-embed-1", input, dimensions: DIMENSIONS });
    await embeddingsOf(server, { dimensions: DIMENSIONS }).embed(input, PATIENCE);

    const [theirs, ours] = server.requests.map(({ method, path, headers, body }) => ({
      ...{ method, path, body: JSON.parse(body) },
      headers: { key: headers.authorization, type: headers["content-type"] },
    }));
    expect(ours).toEqual(theirs);
  });

  it("takes vectors as long as the model makes them, and has another space then", async () => {
    const own = embeddingsOf(server);
    const [vector] = await own.embed(["One."], PATIENCE);
    expect(vector).toHaveLength(512);
    expect(own.space).toBe("stub-embed-1");
    expect(embeddingsOf(server, { dimensions: DIMENSIONS }).space).toBe("stub-embed-1/256");
  });

  it("asks for no more vectors at once than fit into an answer that is read", async () => {
    const exact = (text: string, dimensions: number) =>
      directionOf(text, dimensions).map((number) => number / 3 - 1e-7);
    const lists = await startEmbeddingsFake("lists", exact);
    const texts = Array.from({ length: 20 }, (_, at) => `Text ${at}`);
    const vectors = await embeddingsOf(lists, { dimensions: 4_096 })
      .embed(texts, PATIENCE)
      .finally(() => lists.close());
    expect(vectors).toHaveLength(20);
    expect(lists.calls.map(({ length }) => length)).toEqual([8, 8, 4]);
  });

  it.each([
    ["lacks a text's vector", { data: [{ index: 1, embedding: [1, 0] }] }],
    ["has a vector of another length", { data: [{ index: 0, embedding: [1, 0] }] }],
    ["has a vector without a direction", { data: [{ index: 0, embedding: Array.from({ length: 256 }, () => 0) }] }],
    ["is none", { data: "none" }],
  ])("takes an answer that %s for passing, and repeats none of it", async (_, fields) => {
    server.answerWith(fields);
    const failure = await failureOf(embeddingsOf(server, { dimensions: DIMENSIONS }).embed(["One."], PATIENCE));
    expect(failure).toMatchObject({ kind: "transient", retry: true });
  });

  it.each([
    [[1, 0], /made 2 numbers of a text, where dimensions asks for 256: leave it out for a model that can't shorten/],
    [undefined, /the answer has no vector of one of the texts$/],
  ])("says of an answer with the vector %j what is wrong with it, and what to do", async (embedding, problem) => {
    server.answerWith({ data: embedding ? [{ index: 0, embedding }] : [] });
    const failure = await failureOf(embeddingsOf(server, { dimensions: DIMENSIONS }).embed(["One."], PATIENCE));
    expect(failure.message).toMatch(problem);
  });

  it("needs no key for a server that asks for none", async () => {
    const { baseUrl } = server;
    const keyless = openaiEmbeddings({ model: "stub-embed-1", baseUrl }).create(testServices());
    expect(await failureOf(keyless.embed(["One."], PATIENCE))).toMatchObject({ kind: "auth" });
    expect(server.requests[0]?.headers).not.toHaveProperty("authorization");
  });
});
