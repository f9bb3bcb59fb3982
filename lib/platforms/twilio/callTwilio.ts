import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { DeliveryError, type FailureKind } from "../../adapter/errors.ts";
import { exchange } from "../../adapter/http/exchange.ts";
import type { HttpResponse } from "../../adapter/http/HttpClient.ts";
import { readJson } from "../../adapter/http/readJson.ts";
import { classifyStatus, parseRetryAfter } from "../../adapter/http/responseError.ts";
import { truncate } from "../../adapter/text/truncate.ts";

/** Twilio answers within a second or two; what takes longer is called again. Milliseconds. */
const TIMEOUT = 10_000;

/** A call of Twilio's API: https://www.twilio.com/docs/usage/requests-to-twilio */
export interface TwilioCall {
  /** Such as `https://api.twilio.com`. */
  readonly apiBase: string;
  readonly accountSid: string;
  readonly authToken: string;
  /** Behind the account. */
  readonly path: string;
  /** Absent: a GET. */
  readonly form?: Readonly<Record<string, string>>;
}

/** Calls Twilio once, and answers what `schema` reads of its answer. Throws `DeliveryError`, in which no secret stands. */
export async function callTwilio<Schema extends v.GenericSchema>(
  schema: Schema,
  { apiBase, accountSid, authToken, path, form }: TwilioCall,
  { http, clock }: Pick<AdapterServices, "http" | "clock">,
): Promise<v.InferOutput<Schema>> {
  const url = `${apiBase}/2010-04-01/Accounts/${accountSid}/${path}`;
  const response = await exchange(http, {
    url,
    method: form ? "POST" : "GET",
    headers: {
      authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}`,
      ...(form ? { "content-type": "application/x-www-form-urlencoded" } : {}),
    },
    ...(form ? { body: new URLSearchParams(form).toString() } : {}),
    timeout: TIMEOUT,
  });
  if (response.status >= 200 && response.status < 300) return readJson(schema, url, response);
  throw failureOf(response, authToken, clock.now());
}

const errorSchema = v.object({ code: v.number(), message: v.fallback(v.string(), "") });

/** What an error's code means, where it means more than its status: https://www.twilio.com/docs/api/errors */
const KINDS: Readonly<Record<number, FailureKind>> = {
  // The token, the account, the number's rights and the countries that are allowed: an operator mends them.
  ...{ 20003: "auth", 20404: "auth", 21408: "auth", 21606: "auth", 21659: "auth", 30002: "auth" },
  ...{ 14107: "throttled", 20429: "throttled", 30001: "throttled", 30022: "throttled" },
  ...{ 30003: "transient", 63038: "quota" },
  // Not a number, or none that takes messages.
  ...{ 21211: "gone", 21214: "gone", 21217: "gone", 21610: "gone", 21612: "gone", 21614: "gone" },
};

/** Codes after which nothing will ever arrive there: they have said STOP, or it is no number that takes messages. */
const CHAT_IS_GONE: ReadonlySet<number> = new Set([21211, 21610, 21614]);

function failureOf({ status, headers, text }: HttpResponse, secret: string, now: number): DeliveryError {
  const parsed = v.safeParse(errorSchema, parse(text));
  const { code, message } = parsed.success ? parsed.output : { message: "no error of Twilio's" };
  const hidden = (words: string) => words.replaceAll(secret, "<secret>");
  const retryAfter = parseRetryAfter(headers["retry-after"], now);
  const kind = (code === undefined ? undefined : KINDS[code]) ?? classifyStatus(status);
  const which = code === undefined ? "" : ` with code ${code}`;
  // Its words quote numbers, which are people's: the code says enough.
  return new DeliveryError(kind, `Twilio answered ${status}${which}`, {
    status,
    body: truncate(hidden(code === undefined ? text : message), 500),
    chatIsGone: code !== undefined && CHAT_IS_GONE.has(code),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
