import { describe, expect, it } from "vitest";
import { secret } from "../../lib/adapter/options.ts";
import { embeddingsConformance } from "../../lib/adapter/testing/embeddingsConformance.ts";
import { failureOf } from "../../lib/adapter/testing/failureOf.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { bedrockEmbeddings } from "../../lib/embeddings/bedrock/bedrock.ts";
import { startBedrockFake } from "../harness/bedrockFake.ts";
import { directionOf } from "../harness/directionOf.ts";

const PATIENCE = { timeout: 2_000, signal: new AbortController().signal };

function servicesOf(endpoint: string, values: Record<string, string> = {}) {
  const services = testServices(values);
  return { ...services, aws: { ...services.aws, endpoint } };
}

embeddingsConformance({ describe, it }, "bedrock", async () => {
  const server = await startBedrockFake();
  return {
    embeddings: bedrockEmbeddings().create(servicesOf(server.url)),
    server,
    directionOf: (text) => directionOf(text, 256),
    secrets: [],
    close: () => server.close(),
  };
});

describe("bedrockEmbeddings", () => {
  it("asks for vectors of the length that the config says, which is another space", async () => {
    const server = await startBedrockFake();
    const embeddings = bedrockEmbeddings({ dimensions: 1024 }).create(servicesOf(server.url));
    const [vector] = await embeddings.embed(["One."], PATIENCE);
    await server.close();
    expect(vector).toHaveLength(1024);
    expect(embeddings.space).toBe("amazon.titan-embed-text-v2:0/1024");
    expect(server.calls).toEqual([{ inputText: "One.", dimensions: 1024, normalize: true }]);
  });

  it("takes an answer without a vector for passing", async () => {
    const server = await startBedrockFake();
    server.answerWith({ embedding: [1, 0] });
    const failure = await failureOf(bedrockEmbeddings().create(servicesOf(server.url)).embed(["One."], PATIENCE));
    await server.close();
    expect(failure).toMatchObject({ kind: "transient", retry: true });
  });

  it("may call that model alone by its role, and calls with an API key where there is one", async () => {
    const resources = [{ service: "bedrock", resource: "foundation-model/amazon.titan-embed-text-v2:0", account: "" }];
    expect(bedrockEmbeddings().grants()).toEqual([{ actions: ["bedrock:InvokeModel"], resources }]);

    const server = await startBedrockFake("key-of-bedrock");
    const keyed = bedrockEmbeddings({ key: secret("BEDROCK_KEY") });
    await keyed.create(servicesOf(server.url, { BEDROCK_KEY: "key-of-bedrock" })).embed(["One."], PATIENCE);
    await server.close();
    expect(server.requests[0]?.headers.authorization).toBe("Bearer key-of-bedrock");
    expect(keyed.grants()).toEqual([]);
  });
});
