import type { Answer, SeenRequest } from "../../../lib/adapter/testing/faultServer.ts";

/** The methods that are used, with their parameters. */
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

/** The method and its parameters, or why the call is refused. */
export function parseCall(
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

/** Why a call is refused, as the Bot API says it. */
export function error(status: number, description: string, more: object = {}): Answer {
  return json(status, { ok: false, error_code: status, description, ...more });
}

export function json(status: number, body: object): Answer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
