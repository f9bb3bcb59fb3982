import type { Answer } from "../../../lib/adapter/testing/faultServer.ts";

/** Errors of the Cloud API: their status and title. https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes */
const ERRORS = {
  4: [400, "Application request limit reached"],
  10: [403, "Application does not have permission for this action"],
  100: [400, "Invalid parameter"],
  190: [401, "Invalid OAuth access token - Cannot parse access token"],
  200: [403, "Permissions error"],
  368: [403, "Temporarily blocked for policies violations"],
  80007: [400, "Rate limit issues"],
  130429: [400, "Rate limit hit"],
  131000: [500, "Something went wrong"],
  131016: [500, "Service unavailable"],
  131026: [400, "Message undeliverable"],
  131030: [400, "Recipient phone number not in allowed list"],
  131031: [403, "Account has been locked"],
  131042: [400, "Business eligibility payment issue"],
  131047: [400, "Re-engagement message"],
  131048: [400, "Spam rate limit hit"],
  131056: [400, "(Business Account, Consumer Account) pair rate limit hit"],
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** An error as the Graph API answers it. */
export function graphError(code: ErrorCode, details?: string): Answer {
  const [status, title] = ERRORS[code];
  const error = {
    message: `(#${code}) ${title}`,
    type: "OAuthException",
    code,
    ...(details === undefined ? {} : { error_data: { messaging_product: "whatsapp", details } }),
    fbtrace_id: "A1b2C3",
  };
  return json(status, { error });
}

/** That there is no such object, or none that the token may see. */
export function noObject(id: string): Answer {
  const message = `Unsupported post request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation.`;
  const error = { message, type: "GraphMethodException", code: 100, error_subcode: 33, fbtrace_id: "A1b2C3" };
  return json(400, { error });
}

/** The error of a status, as webhooks tell it. */
export function statusError(code: ErrorCode) {
  const [, title] = ERRORS[code];
  const href = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/";
  return { code, title, message: title, error_data: { details: title }, href };
}

export function json(status: number, body: object): Answer {
  return { status, headers: { "content-type": "application/json; charset=UTF-8" }, body: JSON.stringify(body) };
}
