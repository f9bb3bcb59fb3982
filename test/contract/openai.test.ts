import OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { secret } from "../../lib/adapter/options.ts";
import { failureOf } from "../../lib/adapter/testing/failureOf.ts";
import { modelConformance } from "../../lib/adapter/testing/modelConformance.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { openai } from "../../lib/models/openai/openai.ts";
import { type CompletionsFake, startCompletionsFake } from "../harness/completionsFake.ts";

const REQUEST = {
  system: "Be kind.",
  messages: [
    { role: "user", content: "Hello" },
    { role: "assistant", content: "Hi" },
    { role: "user", content: "Who am I?" },
  ],
  timeout: 2_000,
  signal: new AbortController().signal,
} as const;

const servicesOf = (server: CompletionsFake) => testServices({ KEY: server.key }, 2_000);

function modelOf(server: CompletionsFake, services = servicesOf(server)) {
  return openai({ model: "stub-1", key: secret("KEY"), baseUrl: server.baseUrl }).create(services);
}

modelConformance(
  { describe, it },
  "openai",
  async () => {
    const server = await startCompletionsFake();
    const services = servicesOf(server);
    return {
      model: modelOf(server, services),
      measured: services.measured,
      server,
      answer: "Nice to meet you!",
      calls: server.calls,
      cutNext: () => server.answerWith({ finish_reason: "length" }),
      filterNext: () => server.answerWith({ finish_reason: "content_filter" }),
      breakNext: server.breakNext,
      callNext: server.callNext,
      secrets: [server.key],
      close: () => server.close(),
    };
  },
  { stream: true, tools: true },
);

describe("openai", () => {
  let server: CompletionsFake;
  beforeEach(async () => {
    server = await startCompletionsFake();
  });
  afterEach(() => server.close());

  it("calls as the official library does: the same method, path, body and key", async () => {
    const official = new OpenAI({ apiKey: server.key, baseURL: server.baseUrl, maxRetries: 0 });
    await official.chat.completions.create({
      model: "stub-1",
      messages: [{ role: "system", content: REQUEST.system }, ...REQUEST.messages],
    });
    await modelOf(server).complete(REQUEST);

    const [theirs, ours] = server.requests.map(({ method, path, headers, body }) => ({
      ...{ method, path, body: JSON.parse(body) },
      headers: { key: headers.authorization, type: headers["content-type"] },
    }));
    expect(ours).toEqual(theirs);
  });

  it("asks for a stream as the official library does, and reads of it what that reads", async () => {
    const official = new OpenAI({ apiKey: server.key, baseURL: server.baseUrl, maxRetries: 0 });
    const chunks = await official.chat.completions.create({
      model: "stub-1",
      messages: [{ role: "system", content: REQUEST.system }, ...REQUEST.messages],
      stream: true,
      stream_options: { include_usage: true },
    });
    const theirs: string[] = [];
    for await (const { choices } of chunks) {
      const more = choices[0]?.delta.content ?? "";
      if (more !== "") theirs.push(`${theirs.at(-1) ?? ""}${more}`);
    }
    const ours: string[] = [];
    const answer = await modelOf(server).complete({ ...REQUEST, onText: (text) => ours.push(text) });

    expect(ours).toEqual(theirs);
    expect(answer).toEqual({ text: ours.at(-1), model: "stub-1-2026", usage: { inputTokens: 11, outputTokens: 7 } });
    const [first, second] = server.requests.map(({ method, path, headers, body }) => ({
      ...{ method, path, body: JSON.parse(body) },
      headers: { key: headers.authorization, type: headers["content-type"] },
    }));
    expect(second).toEqual(first);
  });

  it.each([
    ["a server that answers in one piece all the same", '{"choices":[{"message":{"content":"Hi"}}]}', { text: "Hi" }],
    ["an error in one piece", '{"error":{"code":"429"}}', { kind: "throttled" }],
  ])("takes %s as ever, also where it asked for a stream", async (_, body, expected) => {
    server.failNext(1, { status: 200, headers: { "content-type": "application/json" }, body });
    const texts: string[] = [];
    const asked = modelOf(server).complete({ ...REQUEST, onText: (text) => texts.push(text) });
    expect(await asked.catch((error: unknown) => error)).toMatchObject(expected);
    expect(texts).toEqual([]);
  });

  it("takes an error in a stream by its code, also where it comes with a choice", async () => {
    const event = {
      error: { code: 429, message: "slow down" },
      choices: [{ delta: { content: "" }, finish_reason: "error" }],
    };
    const headers = { "content-type": "text/event-stream" };
    server.failNext(1, { status: 200, headers, body: `data: ${JSON.stringify(event)}\n\ndata: [DONE]\n\n` });
    expect(await failureOf(modelOf(server).complete({ ...REQUEST, onText: () => {} }))).toMatchObject({
      kind: "throttled",
    });
  });

  it("offers tools, and tells what came of them, as the official library does", async () => {
    const parameters = { type: "object", properties: { city: { type: "string" } } };
    const official = new OpenAI({ apiKey: server.key, baseURL: server.baseUrl, maxRetries: 0 });
    await official.chat.completions.create({
      model: "stub-1",
      messages: [
        { role: "system", content: REQUEST.system },
        ...REQUEST.messages,
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "c1", type: "function", function: { name: "weather", arguments: '{"city":"Ulm"}' } }],
        },
        { role: "tool", tool_call_id: "c1", content: "sun" },
      ],
      tools: [{ type: "function", function: { name: "weather", description: "Of a town.", parameters } }],
      tool_choice: "required",
    });
    const calls = [{ id: "c1", name: "weather", input: { city: "Ulm" } }];
    await modelOf(server).complete({
      ...REQUEST,
      tools: [{ name: "weather", description: "Of a town.", parameters }],
      mustCall: true,
      rounds: [{ text: "", calls, results: [{ id: "c1", text: "sun" }] }],
    });
    const [theirs, ours] = server.requests.map(({ body }) => JSON.parse(body));
    expect(ours).toEqual(theirs);
  });

  it.each([
    [429, { code: "insufficient_quota", type: "insufficient_quota" }, "quota"],
    [429, { code: "rate_limit_exceeded", type: "tokens" }, "throttled"],
    [400, { code: "context_length_exceeded", type: "invalid_request_error" }, "invalid"],
    [400, { code: "content_filter" }, "invalid"],
    [404, { code: "model_not_found" }, "gone"],
    // As some hosted services answer.
    [200, { code: "429" }, "throttled"],
    [200, { code: "502" }, "transient"],
  ] as const)("tells a %i whose error is %o as what it is: %s", async (status, error, kind) => {
    server.failWith(status, error);
    const failure = await failureOf(modelOf(server).complete(REQUEST));
    expect(failure).toMatchObject({ kind, status });
    expect(failure.message).toContain(error.code);
  });

  it("waits for as many milliseconds as the service says, where it says it so exactly", async () => {
    server.failWith(429, { code: "rate_limit_exceeded" }, { "retry-after-ms": "250", "retry-after": "1" });
    expect(await failureOf(modelOf(server).complete(REQUEST))).toMatchObject({ retryAfter: 250 });
  });

  it.each([
    ["a refusal", { message: { role: "assistant", content: null, refusal: "I can't." } }, "invalid"],
    ["no words", { message: { role: "assistant", content: "" } }, "transient"],
    ["no message", { message: null }, "transient"],
  ])("takes %s as a failure, not as a reply", async (_, choice, kind) => {
    server.answerWith(choice);
    expect(await failureOf(modelOf(server).complete(REQUEST))).toMatchObject({ kind });
  });

  it("needs no key where the server asks for none", () => {
    const local = openai({ model: "llama", baseUrl: "http://127.0.0.1:11434/v1" });
    expect(local.problems()).toEqual([]);
    expect(local.secrets()).toEqual([]);
  });
});
