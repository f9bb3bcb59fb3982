import * as v from "valibot";
import { DeliveryError } from "../../adapter/errors.ts";
import type { HttpResponse } from "../../adapter/http/HttpClient.ts";
import { classifyStatus, parseRetryAfter } from "../../adapter/http/responseError.ts";
import { truncate } from "../../adapter/text/truncate.ts";
import { kindOf } from "./kindOf.ts";

/** https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes */
const errorSchema = v.object({
  error: v.object({ code: v.number(), message: v.fallback(v.string(), ""), type: v.fallback(v.string(), "") }),
});

/**
 * What an answer says went wrong. Of it only Meta's own title is repeated, without the secrets: it quotes a token that it
 * does not like.
 *
 * @param now milliseconds since the epoch
 */
export function failureOf(
  { status, headers, text }: HttpResponse,
  secrets: readonly string[],
  now: number,
): DeliveryError {
  const parsed = v.safeParse(errorSchema, parse(text));
  const { code, message, type } = parsed.success ? parsed.output.error : { message: "no error of the Graph API" };
  const hidden = (words: string) => secrets.reduce((all, secret) => all.replaceAll(secret, "<secret>"), words);
  const retryAfter = parseRetryAfter(headers["retry-after"], now);
  // What an id names can't be seen by this token, or is not there.
  const isUnknown = type === "GraphMethodException" || status === 404;
  const kind = kindOf(code) ?? (isUnknown ? "auth" : classifyStatus(status));
  const which = code === undefined ? "" : ` with code ${code}`;
  return new DeliveryError(kind, `WhatsApp answered ${status}${which}: ${truncate(hidden(message), 200)}`, {
    status,
    body: truncate(hidden(text), 500),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not from the Graph API; the schema says so.
    return undefined;
  }
}
