import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { DeliveryError, type FailureKind } from "../../adapter/errors.ts";
import { exchange } from "../../adapter/http/exchange.ts";
import type { HttpResponse } from "../../adapter/http/HttpClient.ts";
import { classifyStatus, parseRetryAfter } from "../../adapter/http/responseError.ts";
import { truncate } from "../../adapter/text/truncate.ts";
import { answerSchema } from "./schema.ts";

/** Telegram answers in well under a second; what takes longer is called again. Milliseconds. */
const TIMEOUT = 10_000;

/** Where the Bot API is, and whose. */
export interface BotApi {
  /** Such as `https://api.telegram.org`. */
  readonly apiBase: string;
  readonly token: string;
}

/** A call of a method of the Bot API. https://core.telegram.org/bots/api#making-requests */
export interface BotApiCall extends BotApi {
  /** Such as `sendMessage`. */
  readonly method: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Secrets among the parameters. @default none */
  readonly hidden?: readonly string[];
  /** What it may take, milliseconds. @default 10 s */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** What came of a call. */
export type BotApiAnswer =
  /** What Telegram answered, not looked into. */
  | { readonly result: unknown }
  | {
      readonly error: DeliveryError;
      /** The chat has this id now. */
      readonly movedTo?: number | undefined;
      /** The chat's topic is gone or closed; the chat itself is there. */
      readonly isTopicGone: boolean;
    };

/**
 * Calls a method of the Bot API once and answers its result, not looked into. Throws `DeliveryError`, in which neither
 * the token nor what is hidden ever stands.
 */
export async function callBotApi(
  call: BotApiCall,
  services: Pick<AdapterServices, "http" | "clock">,
): Promise<unknown> {
  const answer = await tryBotApi(call, services);
  if ("error" in answer) throw answer.error;
  return answer.result;
}

/** Does the same, and answers what Telegram refuses. Throws `DeliveryError` when no answer came. */
export async function tryBotApi(
  { apiBase, token, method, parameters, hidden = [], timeout = TIMEOUT, signal }: BotApiCall,
  { http, clock }: Pick<AdapterServices, "http" | "clock">,
): Promise<BotApiAnswer> {
  const response = await exchange(http, {
    url: `${apiBase}/bot${token}/${method}`,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(parameters),
    timeout,
    ...(signal ? { signal } : {}),
  });
  const parsed = v.safeParse(answerSchema, parse(response.text));
  const answer = parsed.success ? parsed.output : undefined;
  if (response.status === 200 && answer?.ok) return { result: answer.result };
  return {
    error: failure(response, answer, [token, ...hidden], clock.now()),
    movedTo: answer?.parameters?.migrate_to_chat_id,
    isTopicGone: response.status === 400 && TOPIC_IS_GONE.test(answer?.description ?? ""),
  };
}

/**
 * What an answer says went wrong. Of it only Telegram's description is repeated, without the secrets: a proxy's error
 * page quotes the address, which holds the token.
 */
function failure(
  { status, headers }: HttpResponse,
  answer: v.InferOutput<typeof answerSchema> | undefined,
  secrets: readonly string[],
  now: number,
): DeliveryError {
  if (status === 200) {
    return new DeliveryError("transient", "Telegram answered 200 without ok; check apiBase", { status });
  }
  const seconds = answer?.parameters?.retry_after;
  const header = seconds === undefined ? headers["retry-after"] : String(seconds);
  const retryAfter = parseRetryAfter(header, now);
  const said = answer?.description ?? "no description";
  const description = truncate(
    secrets.reduce((text, secret) => text.replaceAll(secret, "<secret>"), said),
    200,
  );
  return new DeliveryError(kindOf(status, answer), `Telegram answered ${status}: ${description}`, {
    status,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    chatIsGone: answer !== undefined && [400, 403].includes(status) && FOR_GOOD.test(said),
  });
}

/**
 * Descriptions of a 400 that are about the chat, not about the message. Telegram lists none; these are its server's:
 * https://github.com/tdlib/telegram-bot-api/blob/master/telegram-bot-api/Client.cpp
 */
const CHAT_IS_GONE =
  /chat not found|user not found|peer_id_invalid|group chat was|chat_(write_forbidden|restricted)|no rights|not enough rights|message thread not found|topic_(closed|deleted)/i;

const TOPIC_IS_GONE = /message thread not found|topic_(closed|deleted)/i;

/** Of these, those after which nothing will ever arrive there. */
const FOR_GOOD =
  /chat not found|user not found|peer_id_invalid|group chat was deleted|bot was (blocked|kicked)|deactivated|not a member/i;

/**
 * 403: blocked by the user, removed from the chat, or the account is deactivated; but from a proxy it is about us. 404:
 * the address, so the token, is unknown. 400: of this message, unless it says that the chat is gone.
 */
function kindOf(status: number, answer: v.InferOutput<typeof answerSchema> | undefined): FailureKind {
  if (status === 403) return answer ? "gone" : "auth";
  if (status === 404) return "auth";
  if (status === 400) return CHAT_IS_GONE.test(answer?.description ?? "") ? "gone" : "invalid";
  return classifyStatus(status);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not from the Bot API; the schema says so.
    return undefined;
  }
}
