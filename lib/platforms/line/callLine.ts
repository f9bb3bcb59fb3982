import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { DeliveryError } from "../../adapter/errors.ts";
import { exchange } from "../../adapter/http/exchange.ts";
import type { HttpResponse } from "../../adapter/http/HttpClient.ts";
import { readJson } from "../../adapter/http/readJson.ts";
import { classifyStatus, parseRetryAfter } from "../../adapter/http/responseError.ts";
import { truncate } from "../../adapter/text/truncate.ts";

/** LINE answers within a second or two; what takes longer is called again. Milliseconds. */
const TIMEOUT = 10_000;

/** A call of the Messaging API: https://developers.line.biz/en/reference/messaging-api/ */
export interface LineCall {
  /** Such as `https://api.line.me`. */
  readonly apiBase: string;
  readonly token: string;
  readonly method: "GET" | "POST" | "PUT";
  /** Behind `/v2/bot/`. */
  readonly path: string;
  readonly body?: object;
  /** A UUID: what LINE has accepted under it is not carried out again. */
  readonly retryKey?: string;
}

/** Calls LINE once, and answers what `schema` reads of its answer. Throws `DeliveryError`, in which no token stands. */
export async function callLine<Schema extends v.GenericSchema>(
  schema: Schema,
  { apiBase, token, method, path, body, retryKey }: LineCall,
  { http, clock }: Pick<AdapterServices, "http" | "clock">,
): Promise<v.InferOutput<Schema>> {
  const url = `${apiBase}/v2/bot/${path}`;
  const response = await exchange(http, {
    url,
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body ? { "content-type": "application/json" } : {}),
      ...(retryKey === undefined ? {} : { "x-line-retry-key": retryKey }),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    timeout: TIMEOUT,
  });
  // It was accepted under this key before; LINE says again what it has made of it.
  const isAccepted = response.status === 409 && response.headers["x-line-accepted-request-id"] !== undefined;
  if (isAccepted || (response.status >= 200 && response.status < 300)) return readJson(schema, url, response);
  throw failureOf(response, token, clock.now());
}

const errorSchema = v.object({ message: v.string() });

function failureOf({ status, headers, text }: HttpResponse, token: string, now: number): DeliveryError {
  const parsed = v.safeParse(errorSchema, parse(text));
  const said = truncate((parsed.success ? parsed.output.message : text).replaceAll(token, "<secret>"), 200);
  const retryAfter = parseRetryAfter(headers["retry-after"], now);
  // The channel's messages of this month are used up; any other 429 is the rate.
  const kind = status === 429 && /monthly limit/i.test(said) ? "quota" : classifyStatus(status);
  return new DeliveryError(kind, `LINE answered ${status}: ${said}`, {
    status,
    body: truncate(text.replaceAll(token, "<secret>"), 500),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

/** Whether a reply token is used up or too old, so that the same must be pushed. */
export function isTokenSpent(error: unknown): boolean {
  return error instanceof DeliveryError && error.status === 400 && /invalid reply token/i.test(error.message);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
