import { describe, expect, it } from "vitest";
import { secret } from "../../lib/adapter/options.ts";
import { failureOf } from "../../lib/adapter/testing/failureOf.ts";
import { modelConformance } from "../../lib/adapter/testing/modelConformance.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { bedrock } from "../../lib/models/bedrock/bedrock.ts";
import { startBedrockFake } from "../harness/bedrockFake.ts";

const MODEL = "eu.amazon.nova-lite-v1:0";

const REQUEST = {
  system: "Be kind.",
  messages: [{ role: "user", content: "Hello" }],
  timeout: 2_000,
  signal: new AbortController().signal,
} as const;

function servicesOf(endpoint: string, values: Record<string, string> = {}) {
  const services = testServices(values);
  return { ...services, aws: { ...services.aws, endpoint } };
}

modelConformance(
  { describe, it },
  "bedrock",
  async () => {
    const server = await startBedrockFake();
    const services = servicesOf(server.url);
    return {
      model: bedrock({ model: MODEL }).create(services),
      measured: services.measured,
      server,
      answer: "Nice to meet you!",
      calls: server.calls,
      cutNext: () => server.answerWith({ stopReason: "max_tokens" }),
      filterNext: () => server.answerWith({ stopReason: "content_filtered" }),
      breakNext: server.breakNext,
      callNext: server.callNext,
      secrets: [],
      close: () => server.close(),
    };
  },
  { stream: true, tools: true },
);

describe("bedrock", () => {
  it.each([
    [429, "ModelNotReadyException", "transient"],
    [408, "ModelTimeoutException", "transient"],
    [424, "ModelErrorException", "transient"],
    [400, "ServiceQuotaExceededException", "quota"],
    [403, "ExpiredTokenException", "transient"],
  ])("tells a %i that is called %s as what it is: %s", async (status, name, kind) => {
    const server = await startBedrockFake();
    server.failWith(status, name);
    const failure = await failureOf(bedrock({ model: MODEL }).create(servicesOf(server.url)).complete(REQUEST));
    await server.close();
    expect(failure).toMatchObject({ kind });
    expect(server.requests).toHaveLength(1);
  });

  it("calls with an API key where there is one, and then needs no grant", async () => {
    const server = await startBedrockFake("key-of-bedrock");
    const model = bedrock({ model: MODEL, key: secret("BEDROCK_KEY") });
    const { text } = await model.create(servicesOf(server.url, { BEDROCK_KEY: "key-of-bedrock" })).complete(REQUEST);
    await server.close();

    expect(text).toBe("Nice to meet you!");
    expect(server.requests[0]?.headers.authorization).toBe("Bearer key-of-bedrock");
    expect(model.grants()).toEqual([]);
  });
});
