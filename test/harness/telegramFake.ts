import {
  type Answer,
  type FaultServer,
  type SeenRequest,
  startFaultServer,
} from "../../lib/adapter/testing/faultServer.ts";

/** A message that the bot has sent. */
export interface SentMessage {
  readonly message_id: number;
  readonly chat_id: number | string;
  readonly text: string;
  readonly message_thread_id?: number;
  readonly reply_parameters?: { readonly message_id: number };
}

/** What setWebhook was given last. */
export interface SetWebhook {
  readonly url: string;
  readonly secret_token?: string;
  readonly allowed_updates?: readonly string[];
  readonly drop_pending_updates?: boolean;
}

export interface TelegramFake extends FaultServer {
  readonly token: string;
  readonly sent: readonly SentMessage[];
  /** The webhook that is set. */
  readonly webhook: SetWebhook | undefined;
  /** Updates wait since calls of the webhook fail so; `undefined`: they went through in the end. */
  failWebhook(error: string | undefined): void;
  /** From now on the bot may not write to the chat, as when its user has blocked it. */
  block(chat: number): void;
  /** The bot may write there again. */
  unblock(chat: number): void;
}

const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  sendMessage: ["chat_id", "text", "message_thread_id", "reply_parameters"],
  setWebhook: ["url", "secret_token", "allowed_updates", "drop_pending_updates"],
  getWebhookInfo: [],
};

/** Only kinds that are used. https://core.telegram.org/bots/api#update */
const UPDATES = ["message", "edited_message", "channel_post", "callback_query"];

/** https://core.telegram.org/bots/api#setwebhook */
const PORTS = ["", "80", "88", "443", "8443"];

/**
 * The part of the Bot API that is used, strict: what the real one would refuse is refused, and so is a parameter it
 * would silently ignore. A scripted 429 tells its `retry-after` header in the body too, as the real one does.
 */
export async function startTelegramFake(options: { readonly token?: string } = {}): Promise<TelegramFake> {
  const token = options.token ?? "123456:TEST-token_for-the-fake";
  const sent: SentMessage[] = [];
  const blocked = new Set<number>();

  let webhook: SetWebhook | undefined;
  let lastError: LastError | undefined;

  const accept = (request: SeenRequest): Answer => {
    const call = parseCall(request, token);
    if ("status" in call) return call;
    const { method, parameters } = call;
    if (method === "getWebhookInfo") return json(200, { ok: true, result: infoOf(webhook, lastError) });
    const problem = method === "setWebhook" ? webhookProblem(parameters) : messageProblem(parameters);
    if (problem) return error(400, `Bad Request: ${problem}`);
    if (method === "setWebhook") {
      const { url, ...options } = JSON.parse(request.body);
      // What is left out of a further call stays as it was.
      const kept = webhook?.allowed_updates ? { allowed_updates: webhook.allowed_updates } : {};
      webhook = url === "" ? undefined : { url, ...kept, ...options };
      return json(200, { ok: true, result: true, description: url === "" ? "Webhook was deleted" : "Webhook was set" });
    }
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
  return {
    ...server,
    token,
    sent,
    get webhook() {
      return webhook;
    },
    failWebhook: (message) => {
      // The last error is told for ever.
      if (message === undefined && lastError) lastError = { ...lastError, pending: 0 };
      else if (message !== undefined) lastError = { message, pending: 1, at: Math.floor(Date.now() / 1000) };
    },
    block: (chat) => blocked.add(chat),
    unblock: (chat) => blocked.delete(chat),
  };
}

/** The method and its parameters, or why the call is refused. */
function parseCall(
  { method: verb, path, headers, body }: SeenRequest,
  token: string,
): Answer | { readonly method: string; readonly parameters: Readonly<Record<string, unknown>> } {
  const [, given, method = ""] = /^\/bot([^/]*)\/(\w+)$/.exec(path) ?? [];
  if (given === undefined) return error(404, "Not Found");
  if (given !== token) return error(401, "Unauthorized");
  const known = PARAMETERS[method];
  if (verb !== "POST" || !known) return error(404, "Not Found");
  if (!headers["content-type"]?.startsWith("application/json")) return error(400, "Bad Request: message text is empty");
  const parameters: Record<string, unknown> = JSON.parse(body);
  const unknown = Object.keys(parameters).find((key) => !known.includes(key));
  if (unknown) return error(400, `Bad Request: the fake knows no parameter ${unknown}`);
  return { method, parameters };
}

function messageProblem(message: Readonly<Record<string, unknown>>): string | undefined {
  if (!isInteger(message.chat_id)) return "chat_id is empty";
  const { text, message_thread_id, reply_parameters } = message;
  if (typeof text !== "string" || text.trim() === "") return "message text is empty";
  if (text.length > 4096) return "message is too long";
  if (!text.isWellFormed()) return "strings must be encoded in UTF-8";
  if (message_thread_id !== undefined && !isInteger(message_thread_id)) return "message thread not found";
  if (reply_parameters !== undefined && !isReply(reply_parameters)) return "can't parse reply parameters";
  return undefined;
}

function webhookProblem(webhook: Readonly<Record<string, unknown>>): string | undefined {
  const { url = "", secret_token: secret = "", allowed_updates: kinds = [], drop_pending_updates: drop } = webhook;
  if (typeof secret !== "string" || !/^[\w-]*$/.test(secret)) return "secret token contains unallowed characters";
  if (secret.length > 256) return "secret token is too long";
  if (!Array.isArray(kinds) || !kinds.every((kind) => UPDATES.includes(kind))) return "can't parse allowed updates";
  if (drop !== undefined && typeof drop !== "boolean") return "the fake takes drop_pending_updates as true or false";
  if (url === "") return undefined;
  if (typeof url !== "string" || !URL.canParse(url) || new URL(url).protocol !== "https:") {
    return "bad webhook: An HTTPS URL must be provided for webhook";
  }
  if (PORTS.includes(new URL(url).port)) return undefined;
  return "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443";
}

/** The last call of the webhook that failed; `at` in seconds since the epoch. */
interface LastError {
  readonly message: string;
  readonly pending: number;
  readonly at: number;
}

/** https://core.telegram.org/bots/api#webhookinfo */
function infoOf(webhook: SetWebhook | undefined, lastError: LastError | undefined): object {
  if (!webhook) return { url: "", has_custom_certificate: false, pending_update_count: 0 };
  return {
    ...{ url: webhook.url, has_custom_certificate: false, pending_update_count: lastError?.pending ?? 0 },
    ...{ max_connections: 40, ip_address: "192.0.2.1" },
    ...(webhook.allowed_updates?.length ? { allowed_updates: webhook.allowed_updates } : {}),
    ...(lastError ? { last_error_date: lastError.at, last_error_message: lastError.message } : {}),
  };
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
