import {
  type Answer,
  type FaultServer,
  type SeenRequest,
  startFaultServer,
} from "../../lib/adapter/testing/faultServer.ts";
import type { StreamBreak } from "../../lib/adapter/testing/streamConformance.ts";
import { eventOf } from "./eventStream.ts";

export interface BedrockFake extends FaultServer {
  /** The body of each call that was answered. */
  readonly calls: readonly unknown[];
  /** The next call is answered with this error, as AWS names it. */
  failWith(status: number, name: string): void;
  /** The next call is answered with these fields instead. */
  answerWith(fields: Readonly<Record<string, unknown>>): void;
  /** The next answer that comes in a stream goes wrong so, behind its first words. */
  breakNext(how: StreamBreak): void;
}

const MODEL = "eu.amazon.nova-lite-v1:0";

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
 * The part of Bedrock's Converse that is used, strict: signed calls, messages that alternate and have words.
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
    const [, operation] =
      /^(.*)\/(converse|converse-stream)$/.exec(path)?.[1] === `/model/${encodeURIComponent(MODEL)}`
        ? (/\/([\w-]+)$/.exec(path) ?? [])
        : [];
    if (method !== "POST" || operation === undefined) return failure(404, "ResourceNotFoundException");
    const call = JSON.parse(body);
    if (!isConversation(call)) return failure(400, "ValidationException");
    calls.push(call);
    const answer = {
      output: { message: { role: "assistant", content: [{ text: "Nice to meet you!" }] } },
      ...{ stopReason: "end_turn", usage: { inputTokens: 11, outputTokens: 7, totalTokens: 18 } },
      metrics: { latencyMs: 1 },
      ...answers.shift(),
    };
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
  };
}

/** The same answer in events: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStreamOutput.html */
function streamOf({ stopReason, usage, metrics }: Readonly<Record<string, unknown>>, broken?: StreamBreak): Answer {
  const event = (name: string, body: object) => eventOf("event", name, body);
  const delta = (text: string) => event("contentBlockDelta", { contentBlockIndex: 0, delta: { text } });
  const begun = [event("messageStart", { role: "assistant" }), delta("Nice "), 5, delta("to meet "), 5];
  const ends: Readonly<Record<StreamBreak, readonly (Buffer | number | "reset")[]>> = {
    reset: ["reset"],
    early: [],
    hang: [5_000],
    error: [eventOf("exception", "modelStreamErrorException", { message: "the stub repeats the prompt here" })],
  };
  const end = [
    delta("you!"),
    event("contentBlockStop", { contentBlockIndex: 0 }),
    event("messageStop", { stopReason }),
    event("metadata", { usage, metrics }),
  ];
  const pieces = [...begun, ...(broken ? ends[broken] : end)];
  return { status: 200, headers: { "content-type": "application/vnd.amazon.eventstream" }, pieces };
}

function isConversation(call: Readonly<Record<string, unknown>>): boolean {
  const { system, messages, ...rest } = call;
  if (Object.keys(rest).length > 0 || !isWords(system) || !Array.isArray(messages)) return false;
  return messages.every(
    ({ role, content, ...more }, index) =>
      role === (index % 2 === 0 ? "user" : "assistant") && isWords(content) && Object.keys(more).length === 0,
  );
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
