import {
  type Answer,
  type FaultServer,
  type SeenRequest,
  startFaultServer,
} from "../../lib/adapter/testing/faultServer.ts";
import type { StreamBreak } from "../../lib/adapter/testing/streamConformance.ts";

/** One message as the fake was sent it. */
export interface SeenMessage {
  readonly role: "system" | "user" | "assistant" | "tool";
  /** Null beside calls of tools. */
  readonly content: string;
  readonly tool_calls?: readonly { readonly id: string }[];
  readonly tool_call_id?: string;
}

/** A call of a tool that a model wants. */
export interface WantedTool {
  readonly name: string;
  readonly input: object;
}

export interface CompletionsFake extends FaultServer {
  /** What stands before `/chat/completions`. */
  readonly baseUrl: string;
  readonly key: string;
  /** The messages of each call that was answered. */
  readonly calls: readonly (readonly SeenMessage[])[];
  /** The next call is answered with this status and this error, in OpenAI's shape. */
  failWith(status: number, error: { readonly code?: string; readonly type?: string }, headers?: Headers): void;
  /** The next call is answered with a completion in which these fields stand instead. */
  answerWith(choice: Readonly<Record<string, unknown>>): void;
  /** The next call is answered by calls of these tools instead. */
  callNext(...tools: readonly WantedTool[]): void;
  /** The next answer that comes in a stream goes wrong so, behind its first words. */
  breakNext(how: StreamBreak): void;
}

type Headers = Readonly<Record<string, string>>;

const MODEL = "stub-1";

/** The most that the stub takes, characters of all messages. */
const CONTEXT = 2_000_000;

/**
 * The part of OpenAI's chat completions that is used, strict: what the real ones refuse is refused, and so is a field that
 * they would silently ignore. https://platform.openai.com/docs/api-reference/chat/create
 *
 * @param think what the model answers to the messages
 * @param fill what it calls a tool with when it must call one
 */
export async function startCompletionsFake(
  think: (messages: readonly SeenMessage[]) => string = () => "Nice to meet you!",
  key = "sk-test-0123456789abcdefghij",
  fill: (messages: readonly SeenMessage[]) => object = () => ({}),
): Promise<CompletionsFake> {
  const calls: (readonly SeenMessage[])[] = [];
  const failures: Answer[] = [];
  const choices: Readonly<Record<string, unknown>>[] = [];
  const breaks: StreamBreak[] = [];

  const accept = ({ method, path, headers, body }: SeenRequest): Answer => {
    if (method !== "POST" || path !== "/v1/chat/completions") return failure(404, { code: "unknown_url" });
    if (headers.authorization !== `Bearer ${key}`) return failure(401, { code: "invalid_api_key" });
    const scripted = failures.shift();
    if (scripted) return scripted;
    const {
      model,
      messages,
      stream = false,
      stream_options: options,
      tools,
      tool_choice: choiceOfTools,
      ...rest
    } = JSON.parse(body);
    if (typeof stream !== "boolean" || (options !== undefined && !stream))
      return failure(400, { code: "invalid_value" });
    if (options && Object.keys(options).join() !== "include_usage") return failure(400, { code: "unknown_parameter" });
    const [unknown] = Object.keys(rest);
    if (unknown) return failure(400, { code: "unknown_parameter" });
    if (tools !== undefined && !isTools(tools)) return failure(400, { code: "invalid_function_parameters" });
    if (choiceOfTools !== undefined && (choiceOfTools !== "required" || !tools))
      return failure(400, { code: "invalid_value" });
    if (model !== MODEL) return failure(404, { code: "model_not_found" });
    if (!Array.isArray(messages) || !messages.every(isMessage) || !isAnswered(messages))
      return failure(400, { code: "invalid_value" });
    if (JSON.stringify(messages).length > CONTEXT) return failure(400, { code: "context_length_exceeded" });
    calls.push(messages);
    const message = { role: "assistant", content: think(messages), refusal: null };
    const choice = {
      index: 0,
      message,
      logprobs: null,
      finish_reason: "stop",
      ...(choices.shift() ?? (choiceOfTools ? callOf(tools[0], fill(messages)) : {})),
    };
    const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };
    const head = { id: `chatcmpl-${calls.length}`, created: 1_790_000_000, model: `${MODEL}-2026` };
    if (!stream) return json(200, { ...head, object: "chat.completion", choices: [choice], usage });
    return streamOf({ ...head, object: "chat.completion.chunk" }, choice, options ? usage : undefined, breaks.shift());
  };

  const server = await startFaultServer(accept, (status, headers) => {
    const answer = failure(status, { code: status === 429 ? "rate_limit_exceeded" : `scripted_${status}` });
    return { ...answer, headers: { ...answer.headers, ...headers } };
  });
  return {
    ...server,
    key,
    calls,
    baseUrl: `${server.url}/v1`,
    failWith: (status, error, headers = {}) => {
      const answer = failure(status, error);
      failures.push({ ...answer, headers: { ...answer.headers, ...headers } });
    },
    answerWith: (choice) => choices.push(choice),
    breakNext: (how) => breaks.push(how),
    callNext: (...tools) => {
      const tool_calls = tools.map(({ name, input }, index) => ({
        ...{ id: `call_${choices.length}_${index}`, type: "function" },
        function: { name, arguments: JSON.stringify(input) },
      }));
      choices.push({ finish_reason: "tool_calls", message: { role: "assistant", content: null, tool_calls } });
    },
  };
}

/** Of a model that must call a tool, and has nothing else to say. */
function callOf({ function: { name } }: { readonly function: { readonly name: string } }, input: object) {
  const called = { name, arguments: JSON.stringify(input) };
  const tool_calls = [{ id: "call_forced", type: "function", function: called }];
  return { finish_reason: "tool_calls", message: { role: "assistant", content: null, tool_calls } };
}

/** The same completion in chunks, a word each: https://platform.openai.com/docs/api-reference/chat-streaming */
function streamOf(
  head: object,
  { message, ...choice }: Readonly<Record<string, unknown>> & { readonly message: object },
  usage: object | undefined,
  broken: StreamBreak | undefined,
): Answer {
  const {
    content,
    refusal,
    tool_calls = [],
  } = message as {
    readonly content?: string | null;
    readonly refusal?: string | null;
    readonly tool_calls?: readonly { readonly function: { readonly arguments: string } }[];
  };
  const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`;
  const chunk = (delta: object, finish_reason: unknown = null) =>
    event({
      ...head,
      choices: [{ index: 0, delta, logprobs: null, finish_reason }],
      ...(usage ? { usage: null } : {}),
    });
  const words = (content ?? "").match(/\S+\s*/g) ?? [];
  const begun = [": a comment\n\n", chunk({ role: "assistant", content: "", refusal: null })];
  const said = words.flatMap((word) => [chunk({ content: word }), 5]);
  const ends: Readonly<Record<StreamBreak, readonly (string | number)[]>> = {
    reset: ["reset"],
    early: [],
    hang: [5_000],
    error: [event({ error: { message: "the stub repeats the prompt here", type: "server_error", code: "502" } })],
  };
  const end = [
    ...(refusal ? [chunk({ refusal })] : []),
    // The arguments bit by bit.
    ...tool_calls.flatMap(({ function: called, ...call }, index) => [
      chunk({ tool_calls: [{ index, ...call, function: { ...called, arguments: "" } }] }),
      ...(called.arguments.match(/.{1,3}/gs) ?? []).map((bit) =>
        chunk({ tool_calls: [{ index, function: { arguments: bit } }] }),
      ),
    ]),
    chunk({}, choice.finish_reason),
    ...(usage ? [event({ ...head, choices: [], usage })] : []),
    "data: [DONE]\n\n",
  ];
  const pieces = [...begun, ...(broken ? [...said.slice(0, 2), ...ends[broken]] : [...said, ...end])];
  return { status: 200, headers: { "content-type": "text/event-stream; charset=utf-8" }, pieces } as Answer;
}

function isMessage(message: unknown): message is SeenMessage {
  if (typeof message !== "object" || message === null) return false;
  const { role, content, tool_calls, tool_call_id, ...rest } = message as Readonly<Record<string, unknown>>;
  if (Object.keys(rest).length > 0 || (role === "tool") !== (tool_call_id !== undefined)) return false;
  if (tool_calls !== undefined)
    return role === "assistant" && (content === null || isText(content)) && isCalls(tool_calls);
  return ["system", "user", "assistant", "tool"].includes(String(role)) && isText(content);
}

function isText(content: unknown): boolean {
  return typeof content === "string" && content !== "";
}

function isCalls(calls: unknown): boolean {
  if (!Array.isArray(calls) || calls.length === 0) return false;
  return calls.every(({ id, type, function: { name, arguments: given, ...more }, ...rest }) => {
    const isKnown = isText(id) && type === "function" && isText(name) && typeof JSON.parse(given) === "object";
    return isKnown && Object.keys({ ...more, ...rest }).length === 0;
  });
}

/** Each result answers a call of the message before it, and each call has one. */
function isAnswered(messages: readonly SeenMessage[]): boolean {
  let open: string[] = [];
  for (const { role, tool_calls, tool_call_id } of messages) {
    if (role === "tool") {
      if (!open.includes(tool_call_id ?? "")) return false;
      open = open.filter((id) => id !== tool_call_id);
    } else {
      if (open.length > 0) return false;
      open = (tool_calls ?? []).map(({ id }) => id);
    }
  }
  return open.length === 0;
}

/** https://platform.openai.com/docs/api-reference/chat/create#chat_create-tools */
function isTools(tools: unknown): boolean {
  if (!Array.isArray(tools) || tools.length === 0) return false;
  return tools.every(({ type, function: { name, description, parameters, ...more }, ...rest }) => {
    const isKnown = type === "function" && typeof description === "string" && parameters.type === "object";
    return isKnown && /^[\w-]{1,64}$/.test(name) && Object.keys({ ...more, ...rest }).length === 0;
  });
}

function failure(status: number, error: { readonly code?: string; readonly type?: string }): Answer {
  return json(status, {
    error: { message: "the stub repeats the prompt here", type: null, param: null, code: null, ...error },
  });
}

function json(status: number, body: object): Answer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
