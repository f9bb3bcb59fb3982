import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { WebhookError } from "../adapter/errors.ts";
import type { WebhookRequest } from "../adapter/Platform.ts";
import { truncate } from "../adapter/text/truncate.ts";
import type { Logger } from "../domain/observability.ts";

/** As much of the name in the address as is logged, characters: it may be anybody's. */
const MOST_NAME = 32;

const TITLES: Readonly<Record<WebhookError["status"], string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  404: "Not Found",
  405: "Method Not Allowed",
  413: "Content Too Large",
};

/**
 * The answer to a call that failed, as a JSON problem (https://www.rfc-editor.org/rfc/rfc9457). What went wrong inside
 * stays inside: the caller learns only that it should send again.
 */
export function toProblem(log: Logger, platform: string, error: unknown): APIGatewayProxyStructuredResultV2 {
  const headers = { "content-type": "application/problem+json" };
  if (error instanceof WebhookError) {
    const { status, message: detail, field, headers: own } = error;
    log.warn("webhook.refused", { platform: truncate(platform, MOST_NAME), status, ...(field ? { field } : {}) });
    const problem = { title: TITLES[status], status, detail, ...(field ? { field } : {}) };
    return { statusCode: status, headers: { ...own, ...headers }, body: JSON.stringify(problem) };
  }
  log.error("webhook.failed", error, { platform: truncate(platform, MOST_NAME) });
  const problem = { title: "Service Unavailable", status: 503, detail: "the message was not accepted; send it again" };
  return { statusCode: 503, headers: { ...headers, "retry-after": "5" }, body: JSON.stringify(problem) };
}

/** A webhook call from the HTTP API's event (payload format 2.0). The body is the exact bytes that came in. */
export function toWebhookRequest(event: APIGatewayProxyEventV2): WebhookRequest {
  return {
    method: event.requestContext.http.method,
    headers: definedOnly(event.headers),
    query: definedOnly(event.queryStringParameters ?? {}),
    body: Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8"),
  };
}

function definedOnly(values: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const defined: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) defined[name.toLowerCase()] = value;
  return defined;
}
