import { DeliveryError, type FailureKind } from "../errors.ts";
import { truncate } from "../text/truncate.ts";
import type { HttpResponse } from "./HttpClient.ts";

/** As much of a response's body as the ledger keeps, characters. */
export const BODY_HEAD = 500;

/**
 * The classified error of an answer that is not 2xx. The body's head goes along for the ledger but not into the message,
 * which is logged: a body may repeat what it was sent.
 *
 * @param now milliseconds since the epoch
 */
export function responseError(url: string, response: HttpResponse, now: number): DeliveryError {
  const { status } = response;
  const retryAfter = parseRetryAfter(response.headers["retry-after"], now);
  const hint = status >= 300 && status < 400 ? "; redirects are not followed: configure the final address" : "";
  return new DeliveryError(classifyStatus(status), `${new URL(url).host} answered ${status}${hint}`, {
    status,
    body: truncate(response.text, BODY_HEAD),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

/**
 * What a status other than 2xx means where a platform or provider says nothing of its own. A redirect is never
 * followed (it could lead inside our network), so it needs an operator who mends the address.
 */
export function classifyStatus(status: number): FailureKind {
  switch (status) {
    case 401:
    case 403:
      return "auth";
    case 402:
      return "quota";
    case 404:
    case 410:
      return "gone";
    case 429:
      return "throttled";
    // 409: most often another attempt is still at work.
    case 408:
    case 409:
    case 425:
      return "transient";
    default:
      return status >= 300 && status < 500 ? "invalid" : "transient";
  }
}

/** Nobody means a longer one. Who calls decides how much of it is waited for. */
const MOST = 30 * 86_400_000;

/**
 * Milliseconds that a `Retry-After` header asks to wait: seconds or an HTTP date, 30 days at the most. Undefined when
 * there is none that makes sense.
 *
 * @param now milliseconds since the epoch
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Math.ceil(Number(text) * 1000), MOST);
  // Date.parse takes many texts for a date; an HTTP date starts with a weekday and ends in GMT.
  if (!/^[A-Z][a-z]{2,8},? .+ GMT$/.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.min(Math.max(date - now, 0), MOST);
}
