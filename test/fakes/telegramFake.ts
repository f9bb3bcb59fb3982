import { type Answer, type FaultServer, type SeenRequest, startFaultServer } from "./faultServer.ts";

/** A message that the bot has sent. */
export interface SentMessage {
  readonly message_id: number;
  readonly chat_id: number | string;
  readonly text: string;
  readonly message_thread_id?: number;
  readonly reply_parameters?: { readonly message_id: number };
}

export interface TelegramFake extends FaultServer {
  readonly token: string;
  readonly sent: readonly SentMessage[];
  /** From now on the bot may not write to the chat, as when its user has blocked it. */
  block(chat: number): void;
}

const PARAMETERS = new Set(["chat_id", "text", "message_thread_id", "reply_parameters"]);

/**
 * The part of the Bot API that is used, strict: what the real one would refuse is refused, and so is a parameter it
 * would silently ignore. A scripted 429 tells its `retry-after` header in the body too, as the real one does.
 */
export async function startTelegramFake(options: { readonly token?: string } = {}): Promise<TelegramFake> {
  const token = options.token ?? "123456:TEST-token_for-the-fake";
  const sent: SentMessage[] = [];
  const blocked = new Set<number>();

  const accept = (request: SeenRequest): Answer => {
    const problem = problemOf(request, token);
    if (problem) return problem;
    const message = JSON.parse(request.body);
    if (blocked.has(message.chat_id)) return error(403, "Forbidden: bot was blocked by the user");
    const stored = { message_id: sent.length + 1, ...message };
    sent.push(stored);
    const result = { message_id: stored.message_id, date: 0, chat: { id: message.chat_id }, text: message.text };
    return json(200, { ok: true, result });
  };

  const refuse = (status: number, headers: Readonly<Record<string, string>>): Answer => {
    const after = headers["retry-after"];
    const answer = error(
      status,
      after ? `Too Many Requests: retry after ${after}` : `scripted ${status}`,
      after ? { parameters: { retry_after: Number(after) } } : {},
    );
    return { ...answer, headers: { ...answer.headers, ...headers } };
  };

  const server = await startFaultServer(accept, refuse);
  return { ...server, token, sent, block: (chat) => blocked.add(chat) };
}

function problemOf({ method, path, headers, body }: SeenRequest, token: string): Answer | undefined {
  const [, given, call] = /^\/bot([^/]*)\/(\w+)$/.exec(path) ?? [];
  if (given === undefined) return error(404, "Not Found");
  if (given !== token) return error(401, "Unauthorized");
  if (method !== "POST" || call !== "sendMessage") return error(404, "Not Found");
  if (!headers["content-type"]?.startsWith("application/json")) return error(400, "Bad Request: message text is empty");

  const message: Record<string, unknown> = JSON.parse(body);
  const unknown = Object.keys(message).find((key) => !PARAMETERS.has(key));
  if (unknown) return error(400, `Bad Request: the fake knows no parameter ${unknown}`);
  if (!isInteger(message.chat_id)) return error(400, "Bad Request: chat_id is empty");
  const { text, message_thread_id, reply_parameters } = message;
  if (typeof text !== "string" || text.trim() === "") return error(400, "Bad Request: message text is empty");
  if (text.length > 4096) return error(400, "Bad Request: message is too long");
  if (!text.isWellFormed()) return error(400, "Bad Request: strings must be encoded in UTF-8");
  if (message_thread_id !== undefined && !isInteger(message_thread_id)) {
    return error(400, "Bad Request: message thread not found");
  }
  if (reply_parameters !== undefined && !isReply(reply_parameters)) {
    return error(400, "Bad Request: can't parse reply parameters");
  }
  return undefined;
}

function isInteger(value: unknown): boolean {
  return Number.isSafeInteger(value);
}

function isReply(value: unknown): boolean {
  return typeof value === "object" && value !== null && "message_id" in value && isInteger(value.message_id);
}

function error(status: number, description: string, more: object = {}): Answer {
  return json(status, { ok: false, error_code: status, description, ...more });
}

function json(status: number, body: object): Answer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
