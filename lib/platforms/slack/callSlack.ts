import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { DeliveryError, type FailureKind } from "../../adapter/errors.ts";
import { exchange } from "../../adapter/http/exchange.ts";
import type { HttpResponse } from "../../adapter/http/HttpClient.ts";
import { classifyStatus, parseRetryAfter } from "../../adapter/http/responseError.ts";
import { answerSchema, type SlackAnswer } from "./schema.ts";

/** Slack answers in well under a second; what takes longer is called again. Milliseconds. */
export const TIMEOUT = 10_000;

/** A call of a method of the Web API: https://docs.slack.dev/apis/web-api#basics */
export interface SlackCall {
  /** Such as `https://slack.com/api`. */
  readonly apiBase: string;
  readonly token: string;
  /** Such as `chat.postMessage`. */
  readonly method: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** What came of a call; `code`: Slack's own word for what went wrong. */
export type SlackOutcome =
  | { readonly result: SlackAnswer }
  | { readonly error: DeliveryError; readonly code: string | undefined };

/**
 * Calls a method of the Web API once, as Slack's own client does: a form, and the token in its header. Answers what Slack
 * refuses. Throws `DeliveryError` when no answer came. The token never stands in an error.
 */
export async function callSlack(
  { apiBase, token, method, parameters, signal }: SlackCall,
  { http, clock }: Pick<AdapterServices, "http" | "clock">,
): Promise<SlackOutcome> {
  const response = await exchange(http, {
    url: `${apiBase}/${method}`,
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(parameters).toString(),
    timeout: TIMEOUT,
    ...(signal ? { signal } : {}),
  });
  const answer = parse(response.text);
  if (response.status === 200 && answer?.ok) return { result: answer };
  const code = /^[a-z_]{1,64}$/.exec(answer?.error ?? "")?.[0];
  return { error: failure(method, response, code, answer?.needed, clock.now()), code };
}

function failure(
  method: string,
  { status, headers }: HttpResponse,
  code: string | undefined,
  needed: string | undefined,
  now: number,
): DeliveryError {
  if (status === 200 && code === undefined) {
    return new DeliveryError("transient", "Slack answered 200 without ok; check apiBase", { status });
  }
  const retryAfter = parseRetryAfter(headers["retry-after"], now);
  const scope = code === "missing_scope" && /^[\w:.,]{1,100}$/.test(needed ?? "") ? `; add the scope ${needed}` : "";
  const message = `Slack answered ${method} with ${code ?? status}${scope}`;
  return new DeliveryError(kindOf(status, code), message, {
    status,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    chatIsGone: code !== undefined && CHAT_IS_GONE.has(code),
  });
}

/**
 * Nothing will ever arrive there: the channel is archived or unknown to the bot, as when it was removed from it, or
 * the bot's account is at an end. https://docs.slack.dev/reference/methods/chat.postMessage#errors
 */
const CHAT_IS_GONE: ReadonlySet<string> = new Set([
  ...["channel_not_found", "is_archived", "not_in_channel", "account_inactive", "user_not_found", "cannot_dm_bot"],
]);

/** Slack's words by what they mean for us; any other is of this message alone. */
const KINDS: readonly (readonly [FailureKind, readonly string[]])[] = [
  ["gone", [...CHAT_IS_GONE, "restricted_action_thread_locked"]],
  ["throttled", ["ratelimited", "rate_limited"]],
  ["quota", ["message_limit_exceeded"]],
  [
    "transient",
    [
      ...["internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"],
      "messaging_processing_failed",
    ],
  ],
  // An operator or an admin of the workspace can mend these.
  [
    "auth",
    [
      ...["not_authed", "invalid_auth", "token_revoked", "token_expired", "missing_scope", "no_permission"],
      ...["not_allowed_token_type", "access_denied", "app_access_restricted", "accesslimited", "ekm_access_denied"],
      ...["org_login_required", "two_factor_setup_required", "team_access_not_granted", "messages_tab_disabled"],
      ...["restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel"],
    ],
  ],
];

/** 404: the address of the API is wrong, which says nothing of the message. */
function kindOf(status: number, code: string | undefined): FailureKind {
  const [known] = KINDS.find(([, codes]) => code !== undefined && codes.includes(code)) ?? [];
  if (known) return known;
  if (status === 200) return "invalid";
  return status === 404 ? "auth" : classifyStatus(status);
}

function parse(text: string): SlackAnswer | undefined {
  try {
    const parsed = v.safeParse(answerSchema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    // Not from Slack; whoever asks says so.
    return undefined;
  }
}
