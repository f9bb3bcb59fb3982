import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { clip } from "../runtime/clip.ts";
import type { Logger } from "../runtime/Logger.ts";
import { WebhookError } from "./WebhookError.ts";

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
    const { status, message: detail, field } = error;
    log.warn("webhook.refused", { platform: clip(platform, MOST_NAME), status, ...(field ? { field } : {}) });
    const problem = { title: TITLES[status], status, detail, ...(field ? { field } : {}) };
    return { statusCode: status, headers, body: JSON.stringify(problem) };
  }
  log.error("webhook.failed", error, { platform: clip(platform, MOST_NAME) });
  const problem = { title: "Service Unavailable", status: 503, detail: "the message was not accepted; send it again" };
  return { statusCode: 503, headers: { ...headers, "retry-after": "5" }, body: JSON.stringify(problem) };
}
