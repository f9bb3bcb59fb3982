import {
  type Answer,
  type FaultServer,
  type SeenRequest,
  startFaultServer,
} from "../../../lib/adapter/testing/faultServer.ts";
import { problemOf } from "./problems.ts";
import { error, json, parseCall } from "./telegramCall.ts";

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

/** The bot's user name. */
export const BOT_NAME = "vesper_bot";

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
