import { classifyStatus } from "./classifyStatus.ts";
import { clip } from "./clip.ts";
import { DeliveryError } from "./DeliveryError.ts";
import type { HttpResponse } from "./HttpClient.ts";
import { parseRetryAfter } from "./parseRetryAfter.ts";

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
    body: clip(response.text, BODY_HEAD),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}
