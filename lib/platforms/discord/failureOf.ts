import type * as v from "valibot";
import { DeliveryError, type FailureKind } from "../../adapter/errors.ts";
import type { HttpResponse } from "../../adapter/http/HttpClient.ts";
import { classifyStatus, parseRetryAfter } from "../../adapter/http/responseError.ts";
import { truncate } from "../../adapter/text/truncate.ts";
import { isObject } from "../../domain/json.ts";
import type { errorSchema } from "./schema.ts";

// Codes: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json

/** An interaction's message was deleted, as its user or a moderator may do at any time. */
export const UNKNOWN_MESSAGE = 10_008;

/** An interaction's call was not answered in time, or not yet. */
export const UNKNOWN_WEBHOOK = 10_015;

/**
 * Nothing more is sent by an interaction's token: as its call was not answered, as it is too old, as somebody has deleted
 * "… is thinking", or as it is at its most messages, which are five where the app is installed by its user alone.
 */
export const TOKEN_IS_VOID: ReadonlySet<number | undefined> = new Set([
  ...[UNKNOWN_WEBHOOK, UNKNOWN_MESSAGE],
  ...[10_062, 50_027, 40_094],
]);

/** After which nothing arrives in that chat any more: no such channel or server, or the bot is not in it. */
const CHAT_IS_GONE = new Set([10_003, 10_004, 50_001, 50_278]);

/** Of the chat, not of the message: the user takes no direct messages, the bot may not write, the thread is closed. */
const CLOSED = new Set([50_007, 50_013, 50_083, 160_005]);

/** Switched off for a while, on their side. */
const PASSING = new Set([40_004, 40_006, 130_000]);

/**
 * What an answer of the API says went wrong. Of it only Discord's own words are repeated, without the secrets: a proxy's
 * error page quotes the address, which may hold a token.
 *
 * @param now milliseconds since the epoch
 */
export function failureOf(
  { status, headers }: HttpResponse,
  { message = "no description", code, errors, retry_after: seconds }: v.InferOutput<typeof errorSchema>,
  secrets: readonly string[],
  now: number,
): DeliveryError {
  const retryAfter = parseRetryAfter(seconds === undefined ? headers["retry-after"] : String(seconds), now);
  const detail = firstDetail(errors);
  const said = secrets.reduce(
    (text, secret) => text.replaceAll(secret, "<secret>"),
    `${message}${detail === undefined ? "" : ` ${detail}`}`,
  );
  const words = `Discord answered ${status}${code ? ` (${code})` : ""}: ${truncate(said, 300)}`;
  return new DeliveryError(kindOf(status, code), words, {
    status,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    chatIsGone: code !== undefined && CHAT_IS_GONE.has(code),
  });
}

function kindOf(status: number, code: number | undefined): FailureKind {
  if (status === 429) return "throttled";
  if (code !== undefined && (CHAT_IS_GONE.has(code) || CLOSED.has(code) || TOKEN_IS_VOID.has(code))) return "gone";
  if (code !== undefined && PASSING.has(code)) return "transient";
  // Without a code that says more, it is the address or the token, not the message.
  if (status === 404 || status === 405) return "auth";
  return classifyStatus(status);
}

/**
 * The first problem of a form, as `content: Must be 2000 or fewer in length.`; the names on the way to it are the form's.
 * https://discord.com/developers/docs/reference#error-messages
 */
function firstDetail(errors: unknown, path: readonly string[] = []): string | undefined {
  if (!isObject(errors) || path.length > 8) return undefined;
  for (const [name, inner] of Object.entries(errors)) {
    if (name !== "_errors") {
      const found = firstDetail(inner, [...path, name]);
      if (found !== undefined) return found;
    } else if (Array.isArray(inner) && isObject(inner[0]) && "message" in inner[0]) {
      return `(${path.join(".")}: ${String(inner[0].message)})`;
    }
  }
  return undefined;
}
