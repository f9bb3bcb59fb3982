import type { MiddlewareObj } from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { WebhookError } from "../adapter/errors.ts";
import { truncate } from "../adapter/text/truncate.ts";
import type { Logger } from "../domain/observability.ts";
import type { Services } from "../services/Services.ts";
import { platformOf } from "./webhookCall.ts";

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
 * Answers a call that failed with a JSON problem (https://www.rfc-editor.org/rfc/rfc9457). What went wrong inside stays
 * inside: the caller learns only that it should send again. An invocation that has no services, as they can't be built,
 * fails.
 */
export function answerProblem(): MiddlewareObj<
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Error,
  Context & { readonly services: Pick<Services, "log"> }
> {
  return {
    onError(request) {
      const { services }: { readonly services?: Pick<Services, "log"> } = request.context;
      if (services) request.response = toProblem(services.log, platformOf(request.event), request.error);
    },
  };
}

function toProblem(log: Logger, platform: string, error: unknown): APIGatewayProxyStructuredResultV2 {
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
