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

/** A call of a method of the Bot API. https://core.telegram.org/bots/api#making-requests */
export interface BotApiCall {
  /** Such as `https://api.telegram.org`. */
  readonly apiBase: string;
  readonly token: string;
  /** Such as `sendMessage`. */
  readonly method: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Secrets among the parameters. @default none */
  readonly hidden?: readonly string[];
}

/**
 * Calls a method of the Bot API once and answers its result, not looked into. Throws `DeliveryError`, in which neither
 * the token nor what is hidden ever stands.
 */
export async function callBotApi(
  { apiBase, token, method, parameters, hidden = [] }: BotApiCall,
  { http, clock }: Pick<AdapterServices, "http" | "clock">,
): Promise<unknown> {
  const response = await exchange(http, {
    url: `${apiBase}/bot${token}/${method}`,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(parameters),
    timeout: TIMEOUT,
  });
  const parsed = v.safeParse(answerSchema, parse(response.text));
  const answer = parsed.success ? parsed.output : undefined;
  if (response.status === 200 && answer?.ok) return answer.result;
  throw failure(response, answer, [token, ...hidden], clock.now());
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
  });
}

/**
 * Descriptions of a 400 that are about the chat, not about the message. Telegram lists none; these are its server's:
 * https://github.com/tdlib/telegram-bot-api/blob/master/telegram-bot-api/Client.cpp
 */
const CHAT_IS_GONE =
  /chat not found|user not found|peer_id_invalid|group chat was|chat_(write_forbidden|restricted)|no rights|not enough rights|message thread not found|topic_(closed|deleted)/i;

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
