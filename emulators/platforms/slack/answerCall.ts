import * as v from "valibot";
import type { Answer, SeenRequest } from "../../../lib/adapter/testing/faultServer.ts";
import { CALL_ARGUMENTS, type CallMethod, RESPONSE_ARGUMENTS } from "./callArguments.ts";
import { type PostedMessage, SlackRefusal, type SlackWorkspace } from "./SlackWorkspace.ts";

/**
 * Answers a call of the Web API, which stands at `path`, or an answer to a slash command below `/commands`, as Slack would; but for
 * unknown arguments, which Slack passes over and this refuses.
 */
export function answerCall(
  workspace: SlackWorkspace,
  { token, path }: { readonly token: string; readonly path: string },
  request: SeenRequest,
): Answer {
  if (request.path.startsWith("/commands/")) return answerResponse(workspace, request);
  if (request.method !== "POST" || !request.path.startsWith(`${path}/`)) return plain(404, "Not Found");
  const method = request.path.slice(path.length + 1);
  const given = request.headers.authorization;
  if (given === undefined) return refusal("not_authed");
  if (given !== `Bearer ${token}`) return refusal("invalid_auth");
  if (!isMethod(method)) return refusal("unknown_method");
  if (!request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) {
    return refusal("invalid_post_type");
  }
  const parsed = v.safeParse(CALL_ARGUMENTS[method], Object.fromEntries(new URLSearchParams(request.body)));
  if (!parsed.success) {
    const messages = parsed.issues.map((issue) => `[ERROR] ${issue.message} [json-pointer:/${v.getDotPath(issue)}]`);
    return json({ ok: false, error: "invalid_arguments", response_metadata: { messages } });
  }
  try {
    return json({ ok: true, ...carryOut(workspace, method, parsed.output) });
  } catch (error) {
    if (error instanceof SlackRefusal) return refusal(error.message);
    throw error;
  }
}

/** What Slack answers with a status of its own; but for 429 it is nothing of its own form. */
export function statusAnswer(status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  const answer = status === 429 ? refusal("ratelimited") : plain(status, `scripted ${status}`);
  return { ...answer, status, headers: { ...answer.headers, ...headers } };
}

function carryOut(workspace: SlackWorkspace, method: CallMethod, given: Readonly<Record<string, string | undefined>>) {
  switch (method) {
    case "chat.postMessage":
      return posted(workspace.post(given));
    case "chat.update":
      return posted(workspace.update(given));
    case "assistant.threads.setStatus":
      return workspace.setStatus(given);
  }
}

function posted({ channel, ts, text }: PostedMessage) {
  return { channel, ts, message: { type: "message", subtype: "bot_message", bot_id: "B0VESPER", text, ts } };
}

function answerResponse(workspace: SlackWorkspace, { path, body, headers }: SeenRequest): Answer {
  if (!headers["content-type"]?.startsWith("application/json")) return plain(400, "invalid_payload");
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), RESPONSE_ARGUMENTS), body);
  if (!parsed.success) return plain(400, "invalid_payload");
  const status = workspace.respond(path, parsed.output);
  return plain(status, { 200: "ok", 400: "invalid_blocks" }[status] ?? "expired_url");
}

function isMethod(method: string): method is CallMethod {
  return Object.hasOwn(CALL_ARGUMENTS, method);
}

function refusal(error: string): Answer {
  return json({ ok: false, error });
}

function json(body: object): Answer {
  return { status: 200, headers: { "content-type": "application/json; charset=utf-8" }, body: JSON.stringify(body) };
}

function plain(status: number, body: string): Answer {
  return { status, headers: { "content-type": "text/plain" }, body };
}
