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
  readonly entities?: readonly Readonly<Record<string, unknown>>[];
  readonly message_thread_id?: number;
  readonly direct_messages_topic_id?: number;
  readonly disable_notification?: boolean;
  readonly reply_parameters?: { readonly message_id: number };
}

/** A message that is being written, as it was shown. */
export interface SentDraft {
  readonly chat_id: number;
  readonly draft_id: number;
  readonly text?: string;
  readonly entities?: readonly Readonly<Record<string, unknown>>[];
  readonly message_thread_id?: number;
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
  /** Where the bot was shown to be typing, in order. */
  readonly typing: readonly number[];
  /** Every draft, in order. */
  readonly drafts: readonly SentDraft[];
  /** The draft that stands in the chat: none once a message came after it. */
  drafting(chat: number): SentDraft | undefined;
  /** An update that waits until it is fetched, or is taken by the webhook. */
  queueUpdate(update: { readonly update_id: number }): void;
  /** From now on what is written to the chat is refused so. */
  refuse(chat: number, status: number, description: string): void;
  /** From now on the group has this id. */
  migrate(chat: number, to: number): void;
  /** From now on there is no such topic. */
  closeTopic(chat: number, thread: number): void;
  /** From now on messages with marks of this type are refused, as by an older server. */
  refuseEntity(type: string): void;
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
  sendMessage: [
    ...["chat_id", "text", "entities", "message_thread_id", "direct_messages_topic_id", "disable_notification"],
    "reply_parameters",
  ],
  sendChatAction: ["chat_id", "action", "message_thread_id"],
  sendMessageDraft: ["chat_id", "draft_id", "text", "entities", "message_thread_id"],
  setWebhook: ["url", "secret_token", "allowed_updates", "drop_pending_updates"],
  deleteWebhook: ["drop_pending_updates"],
  getWebhookInfo: [],
  getMe: [],
  getUpdates: ["offset", "limit", "timeout", "allowed_updates"],
};

/** Only kinds that are used. https://core.telegram.org/bots/api#update */
const UPDATES = ["message", "edited_message", "channel_post", "callback_query", "my_chat_member"];

/** https://core.telegram.org/bots/api#messageentity; those that a bot may send. */
const ENTITIES = ["bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "code", "pre", "text_link"];

/** The bot's user name. */
export const BOT_NAME = "vesper_bot";

/** https://core.telegram.org/bots/api#setwebhook */
const PORTS = ["", "80", "88", "443", "8443"];

/**
 * The part of the Bot API that is used, strict: what the real one would refuse is refused, and so is a parameter it
 * would silently ignore. A scripted 429 tells its `retry-after` header in the body too, as the real one does.
 */
export async function startTelegramFake(options: { readonly token?: string } = {}): Promise<TelegramFake> {
  const token = options.token ?? "123456:TEST-token_for-the-fake";
  const sent: SentMessage[] = [];
  const refusals = new Map<number, Answer>();
  const typing: number[] = [];
  const drafts: SentDraft[] = [];
  const drafting = new Map<number, SentDraft>();
  const updates: { readonly update_id: number }[] = [];
  const moved = new Map<number, number>();
  const closed = new Set<string>();
  const refused = new Set<string>();

  let webhook: SetWebhook | undefined;
  let lastError: LastError | undefined;

  const accept = (request: SeenRequest): Answer => {
    const call = parseCall(request, token);
    if ("status" in call) return call;
    const { method, parameters } = call;
    if (method === "getWebhookInfo") return json(200, { ok: true, result: infoOf(webhook, lastError) });
    if (method === "getMe") return json(200, { ok: true, result: { id: 123_456, is_bot: true, username: BOT_NAME } });
    if (method === "deleteWebhook") {
      webhook = undefined;
      return json(200, { ok: true, result: true, description: "Webhook was deleted" });
    }
    if (method === "getUpdates") {
      if (webhook)
        return error(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook");
      const { offset = 0, limit = 100 } = JSON.parse(request.body);
      // What is before the offset is confirmed, and gone.
      updates.splice(0, updates.length, ...updates.filter(({ update_id }) => update_id >= offset));
      return json(200, { ok: true, result: updates.slice(0, limit) });
    }
    const problem = problemOf[method]?.(parameters);
    if (problem) return error(400, `Bad Request: ${problem}`);
    if (method === "setWebhook") {
      const { url, ...options } = JSON.parse(request.body);
      // What is left out of a further call stays as it was.
      const kept = webhook?.allowed_updates ? { allowed_updates: webhook.allowed_updates } : {};
      webhook = url === "" ? undefined : { url, ...kept, ...options };
      return json(200, { ok: true, result: true, description: url === "" ? "Webhook was deleted" : "Webhook was set" });
    }
    const message = JSON.parse(request.body);
    const to = moved.get(message.chat_id);
    if (to !== undefined) {
      const parameters = { migrate_to_chat_id: to };
      return error(400, "Bad Request: group chat was upgraded to a supergroup chat", { parameters });
    }
    if (closed.has(`${message.chat_id}/${message.message_thread_id}`)) {
      return error(400, "Bad Request: message thread not found");
    }
    if (message.entities?.some(({ type }: { readonly type: string }) => refused.has(type))) {
      return error(400, "Bad Request: can't parse entities: unsupported type");
    }
    const refusal = refusals.get(message.chat_id);
    if (refusal) return refusal;
    if (method === "sendChatAction") {
      typing.push(message.chat_id);
      return json(200, { ok: true, result: true });
    }
    if (method === "sendMessageDraft") {
      drafts.push(message);
      drafting.set(message.chat_id, message);
      return json(200, { ok: true, result: true });
    }
    drafting.delete(message.chat_id);
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
    typing,
    drafts,
    drafting: (chat) => drafting.get(chat),
    queueUpdate: (update) => updates.push(update),
    migrate: (chat, to) => moved.set(chat, to),
    closeTopic: (chat, thread) => closed.add(`${chat}/${thread}`),
    refuseEntity: (type) => refused.add(type),
    get webhook() {
      return webhook;
    },
    failWebhook: (message) => {
      // The last error is told for ever.
      if (message === undefined && lastError) lastError = { ...lastError, pending: 0 };
      else if (message !== undefined) lastError = { message, pending: 1, at: Math.floor(Date.now() / 1000) };
    },
    block: (chat) => refusals.set(chat, error(403, "Forbidden: bot was blocked by the user")),
    unblock: (chat) => refusals.delete(chat),
    refuse: (chat, status, description) => refusals.set(chat, error(status, description)),
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
  const { text, entities = [], message_thread_id, direct_messages_topic_id, reply_parameters } = message;
  if (typeof text !== "string" || text.trim() === "") return "message text is empty";
  if (text.length > 4096) return "message is too long";
  if (!text.isWellFormed()) return "strings must be encoded in UTF-8";
  const wrong = Array.isArray(entities) ? entities.map((one) => entityProblem(one, text)).find(Boolean) : "no list";
  if (wrong) return `can't parse entities: ${wrong}`;
  if (direct_messages_topic_id !== undefined && !isInteger(direct_messages_topic_id)) return "topic not found";
  if (message_thread_id !== undefined && !isInteger(message_thread_id)) return "message thread not found";
  if (reply_parameters !== undefined && !isReply(reply_parameters)) return "can't parse reply parameters";
  return undefined;
}

/** https://core.telegram.org/bots/api#sendmessagedraft, and what its server says of a chat that is not private. */
function draftProblem(draft: Readonly<Record<string, unknown>>): string | undefined {
  const { draft_id, chat_id, text } = draft;
  if (!isInteger(draft_id) || draft_id === 0) return "RANDOM_ID_INVALID";
  // Without words it would show that the bot thinks, which is not used.
  const problem = messageProblem({ ...draft, text });
  if (problem) return problem;
  return Number(chat_id) > 0 ? undefined : "TEXTDRAFT_PEER_INVALID";
}

/** Telegram leaves out what it does not understand of an entity, or refuses it; the fake refuses it. */
function entityProblem(entity: Readonly<Record<string, unknown>>, text: string): string | undefined {
  const { type, offset, length, url, language, ...unknown } = entity;
  if (typeof type !== "string" || !ENTITIES.includes(type)) return `type ${type}`;
  if (Object.keys(unknown).length > 0) return `unknown ${Object.keys(unknown)}`;
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length)) return "offset and length must be integers";
  const [start, end] = [Number(offset), Number(offset) + Number(length)];
  if (start < 0 || end <= start || end > text.length) return `${start} to ${end} is not within the text`;
  if (!text.slice(start, end).isWellFormed()) return "it cuts a character";
  if ((type === "text_link") !== (url !== undefined)) return "url belongs to text_link";
  if (url !== undefined && (typeof url !== "string" || !URL.canParse(url))) return "url";
  if (language !== undefined && type !== "pre") return "language belongs to pre";
  return undefined;
}

function actionProblem({ chat_id, action }: Readonly<Record<string, unknown>>): string | undefined {
  if (!isInteger(chat_id)) return "chat_id is empty";
  return action === "typing" ? undefined : "wrong parameter action in request";
}

const problemOf: Readonly<Record<string, (parameters: Readonly<Record<string, unknown>>) => string | undefined>> = {
  sendMessage: messageProblem,
  sendChatAction: actionProblem,
  sendMessageDraft: draftProblem,
  setWebhook: webhookProblem,
};

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
