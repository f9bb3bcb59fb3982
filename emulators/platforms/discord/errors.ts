import type * as v from "valibot";

/** An answer of the API. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Discord's own words. https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
const ERRORS = {
  10003: [404, "Unknown Channel"],
  10004: [404, "Unknown Guild"],
  10008: [404, "Unknown Message"],
  10015: [404, "Unknown Webhook"],
  10062: [404, "Unknown interaction"],
  40004: [400, "Send messages has been temporarily disabled"],
  40094: [400, "This interaction has hit the maximum number of follow up messages"],
  50001: [403, "Missing Access"],
  50006: [400, "Cannot send an empty message"],
  50007: [403, "Cannot send messages to this user"],
  50013: [403, "Missing Permissions"],
  50027: [401, "Invalid Webhook Token"],
  50083: [400, "Thread is archived"],
  160005: [400, "Thread is locked"],
  200000: [400, "Message was blocked by automatic moderation"],
} as const;

/** A code of an error that the fake knows. */
export type ErrorCode = keyof typeof ERRORS;

/** The error of a code, as Discord answers it. */
export function apiError(code: ErrorCode): ApiAnswer {
  const [status, message] = ERRORS[code];
  return json(status, { message, code });
}

/** The error of a status that has no code, such as `401: Unauthorized`. */
export function statusError(status: number, message: string): ApiAnswer {
  return json(status, { message: `${status}: ${message}`, code: 0 });
}

/** A body that Discord does not take, with where and why. https://discord.com/developers/docs/reference#error-messages */
export function formError(issues: readonly v.BaseIssue<unknown>[]): ApiAnswer {
  const errors: Record<string, unknown> = {};
  for (const { path = [], message } of issues) {
    let at = errors;
    for (const { key } of path) {
      const known = at[String(key)];
      const inner: Record<string, unknown> = isRecord(known) ? known : {};
      at[String(key)] = inner;
      at = inner;
    }
    at._errors = [{ code: "BASE_TYPE_BAD", message }];
  }
  return json(400, { message: "Invalid Form Body", code: 50035, errors });
}

/** A 429, in its header as whole seconds and in its body as they are. https://discord.com/developers/docs/topics/rate-limits */
export function rateLimited(seconds: number, isGlobal = false): ApiAnswer {
  const { status, body } = json(429, {
    message: "You are being rate limited.",
    retry_after: seconds,
    global: isGlobal,
  });
  return {
    status,
    headers: {
      "content-type": "application/json",
      "retry-after": String(Math.ceil(seconds)),
      "x-ratelimit-scope": isGlobal ? "global" : "user",
      ...(isGlobal ? { "x-ratelimit-global": "true" } : { "x-ratelimit-reset-after": String(seconds) }),
    },
    ...(body === undefined ? {} : { body }),
  };
}

/** An answer with JSON. */
export function json(status: number, body: unknown): ApiAnswer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
