import {
  type Answer,
  type FaultServer,
  type SeenRequest,
  startFaultServer,
} from "../../lib/adapter/testing/faultServer.ts";
import type { StreamBreak } from "../../lib/adapter/testing/streamConformance.ts";
import type { WantedTool } from "./completionsFake.ts";
import { directionOf } from "./directionOf.ts";
import { eventOf } from "./eventStream.ts";

export interface BedrockFake extends FaultServer {
  /** The body of each call that was answered. */
  readonly calls: readonly unknown[];
  /** The next call is answered with this error, as AWS names it. */
  failWith(status: number, name: string): void;
  /** The next call is answered with these fields instead. */
  answerWith(fields: Readonly<Record<string, unknown>>): void;
  /** The next call is answered by calls of these tools instead. */
  callNext(...tools: readonly WantedTool[]): void;
  /** The next answer that comes in a stream goes wrong so, behind its first words. */
  breakNext(how: StreamBreak): void;
}

const MODEL = "eu.amazon.nova-lite-v1:0";

const EMBEDDING_MODEL = "amazon.titan-embed-text-v2:0";

const ANSWER: {
  readonly output: { readonly message: { readonly role: string; readonly content: readonly Block[] } };
  readonly stopReason: string;
  readonly usage: object;
  readonly metrics: object;
} = {
  output: { message: { role: "assistant", content: [{ text: "Nice to meet you!" }] } },
  ...{ stopReason: "end_turn", usage: { inputTokens: 11, outputTokens: 7, totalTokens: 18 } },
  metrics: { latencyMs: 1 },
};

/** What AWS calls its errors, by the status. */
const NAMES: Readonly<Record<number, string>> = {
  400: "ValidationException",
  401: "UnrecognizedClientException",
  403: "AccessDeniedException",
  404: "ResourceNotFoundException",
  429: "ThrottlingException",
  503: "ServiceUnavailableException",
};

/**
 * The part of Bedrock that is used, strict: signed calls; Converse, with messages that alternate and have words; and Titan's
 * embeddings.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 *
 * @param key the Bedrock API key that is taken beside signatures
 */
export async function startBedrockFake(key = "bedrock-api-key-0123456789"): Promise<BedrockFake> {
  const calls: unknown[] = [];
  const failures: Answer[] = [];
  const answers: Readonly<Record<string, unknown>>[] = [];
  const breaks: StreamBreak[] = [];

  const accept = ({ method, path, headers, body }: SeenRequest): Answer => {
    const { authorization = "" } = headers;
    const isSigned = authorization.startsWith("AWS4-HMAC-SHA256 Credential=") && authorization.includes("/bedrock/");
    if (!isSigned && authorization !== `Bearer ${key}`) return failure(403, "UnrecognizedClientException");
    const scripted = failures.shift();
    if (scripted) return scripted;
    if (method === "POST" && path === `/model/${encodeURIComponent(EMBEDDING_MODEL)}/invoke`) {
      const call = JSON.parse(body);
      if (!isEmbedding(call)) return failure(400, "ValidationException");
      calls.push(call);
      const embedding = directionOf(call.inputText, call.dimensions);
      return json(200, {
        embedding,
        inputTextTokenCount: 5,
        embeddingsByType: { float: embedding },
        ...answers.shift(),
      });
    }
    const [, operation] =
      /^(.*)\/(converse|converse-stream)$/.exec(path)?.[1] === `/model/${encodeURIComponent(MODEL)}`
        ? (/\/([\w-]+)$/.exec(path) ?? [])
        : [];
    if (method !== "POST" || operation === undefined) return failure(404, "ResourceNotFoundException");
    const call = JSON.parse(body);
    if (!isConversation(call)) return failure(400, "ValidationException");
    calls.push(call);
    const forced = call.toolConfig?.toolChoice ? forcedCall(call.toolConfig.tools[0].toolSpec.name) : {};
    const answer = { ...ANSWER, ...(answers.shift() ?? forced) };
    return operation === "converse" ? json(200, answer) : streamOf(answer, breaks.shift());
  };

  const server = await startFaultServer(accept, (status, headers) => {
    const answer = failure(status, NAMES[status] ?? "InternalServerException");
    return { ...answer, headers: { ...answer.headers, ...headers } };
  });
  return {
    ...server,
    calls,
    failWith: (status, name) => failures.push(failure(status, name)),
    answerWith: (fields) => answers.push(fields),
    breakNext: (how) => breaks.push(how),
    callNext: (...tools) => {
      const content = tools.map(({ name, input }, at) => ({ toolUse: { toolUseId: `use_${at}`, name, input } }));
      answers.push({ output: { message: { role: "assistant", content } }, stopReason: "tool_use" });
    },
  };
}

/** Of a model that must call a tool, and has nothing else to say. */
function forcedCall(name: string) {
  const content = [{ toolUse: { toolUseId: "use_forced", name, input: {} } }];
  return { output: { message: { role: "assistant", content } }, stopReason: "tool_use" };
}

/** The same answer in events: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStreamOutput.html */
function streamOf(
  { output, stopReason, usage, metrics }: typeof ANSWER & Readonly<Record<string, unknown>>,
  broken?: StreamBreak,
): Answer {
  const event = (name: string, body: object) => eventOf("event", name, body);
  const delta = (contentBlockIndex: number, more: object) =>
    event("contentBlockDelta", { contentBlockIndex, delta: more });
  const blocks = output.message.content.map(({ text = "", toolUse }, index) => {
    if (!toolUse) return (text.match(/\S+\s*/g) ?? []).flatMap((word) => [delta(index, { text: word }), 5]);
    const { input, ...start } = toolUse;
    return [
      event("contentBlockStart", { contentBlockIndex: index, start: { toolUse: start } }),
      ...(JSON.stringify(input).match(/.{1,3}/gs) ?? []).map((bit) => delta(index, { toolUse: { input: bit } })),
    ];
  });
  const ends: Readonly<Record<StreamBreak, readonly (Buffer | number | "reset")[]>> = {
    reset: ["reset"],
    early: [],
    hang: [5_000],
    error: [eventOf("exception", "modelStreamErrorException", { message: "the stub repeats the prompt here" })],
  };
  const whole = [
    ...blocks.flatMap((block, contentBlockIndex) => [...block, event("contentBlockStop", { contentBlockIndex })]),
    event("messageStop", { stopReason }),
    event("metadata", { usage, metrics }),
  ];
  const pieces = [
    event("messageStart", { role: "assistant" }),
    ...(broken ? [...(blocks[0] ?? []).slice(0, 4), ...ends[broken]] : whole),
  ];
  return { status: 200, headers: { "content-type": "application/vnd.amazon.eventstream" }, pieces };
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html */
function isEmbedding(call: Readonly<Record<string, unknown>>): boolean {
  const { inputText, dimensions, normalize, ...rest } = call;
  if (Object.keys(rest).length > 0 || typeof normalize !== "boolean") return false;
  return (
    typeof inputText === "string" && /^.{1,50000}$/s.test(inputText) && [256, 512, 1024].includes(Number(dimensions))
  );
}

function isConversation(call: Readonly<Record<string, unknown>>): boolean {
  const { system, messages, toolConfig, ...rest } = call;
  if (Object.keys(rest).length > 0 || !isWords(system) || !Array.isArray(messages)) return false;
  if (toolConfig !== undefined && !isToolConfig(toolConfig)) return false;
  return messages.every(({ role, content, ...more }, index) => {
    if (role !== (index % 2 === 0 ? "user" : "assistant") || Object.keys(more).length > 0) return false;
    const hasTools = content.some((block: object) => "toolUse" in block || "toolResult" in block);
    return hasTools
      ? toolConfig !== undefined && isToolContent(content, messages[index - 1]?.content)
      : isWords(content);
  });
}

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html */
function isToolConfig(config: object | null): boolean {
  const {
    tools,
    toolChoice = { any: {} },
    ...rest
  }: { readonly tools?: unknown; readonly toolChoice?: object } = config ?? {};
  if (JSON.stringify(toolChoice) !== '{"any":{}}') return false;
  if (!Array.isArray(tools) || tools.length === 0 || Object.keys(rest).length > 0) return false;
  return tools.every(
    ({ toolSpec: { name, description = "x", inputSchema } }) =>
      /^[\w-]{1,64}$/.test(name) && description !== "" && inputSchema.json.type === "object",
  );
}

interface Block {
  readonly text?: string;
  readonly toolUse?: { readonly toolUseId: string; readonly name: string; readonly input: object };
  readonly toolResult?: { readonly toolUseId: string; readonly content: unknown };
}

/** Calls; or results, one for each call of the message before. */
function isToolContent(content: readonly Block[], before: readonly Block[] = []): boolean {
  const results = content.flatMap(({ toolResult }) => toolResult ?? []);
  if (results.length === 0) return content.every(({ text, toolUse }) => toolUse?.toolUseId || text?.trim());
  const called = before.flatMap(({ toolUse }) => toolUse?.toolUseId ?? []);
  const answered = results.map(({ toolUseId }) => toolUseId);
  return called.join() === answered.join() && results.every((result) => isWords(result.content));
}

function isWords(content: unknown): boolean {
  return Array.isArray(content) && content.every(({ text }) => typeof text === "string" && text.trim() !== "");
}

function failure(status: number, name: string): Answer {
  const answer = json(status, { message: "the stub repeats the prompt here" });
  return { ...answer, headers: { ...answer.headers, "x-amzn-errortype": name } };
}

function json(status: number, body: object): Answer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
