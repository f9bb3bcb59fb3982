import * as v from "valibot";
import type { AdapterServices } from "../../runtime/AdapterServices.ts";
import { classifyStatus } from "../../runtime/classifyStatus.ts";
import { clip } from "../../runtime/clip.ts";
import { DeliveryError, type FailureKind } from "../../runtime/DeliveryError.ts";
import { exchange } from "../../runtime/exchange.ts";
import type { HttpResponse } from "../../runtime/HttpClient.ts";
import { parseRetryAfter } from "../../runtime/parseRetryAfter.ts";
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
  const description = clip(
    secrets.reduce((text, secret) => text.replaceAll(secret, "<secret>"), said),
    200,
  );
  return new DeliveryError(kindOf(status), `Telegram answered ${status}: ${description}`, {
    status,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

/** 403: blocked by the user or removed from the chat. 404: the address, so the token, is unknown. */
function kindOf(status: number): FailureKind {
  if (status === 403) return "gone";
  if (status === 404) return "auth";
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
