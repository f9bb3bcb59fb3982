import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import type { Receiving } from "../../adapter/definePlatform.ts";
import { WebhookError } from "../../adapter/errors.ts";
import { appOf, type SlackOptions } from "./app.ts";
import { receiveCommand } from "./receiveCommand.ts";
import { receiveEvent } from "./receiveEvent.ts";
import { headerProblem, isSigned } from "./signature.ts";

/** https://docs.slack.dev/apis/events-api#retries */
const RETRY_REASONS = [
  ...["http_timeout", "too_many_redirects", "connection_failed", "ssl_error", "http_error", "unknown_error"],
];

/** Takes Slack's calls: events and slash commands. */
export function receiving(options: SlackOptions, services: AdapterServices): Receiving {
  const { apiBase, readSigningSecret } = appOf(options, services);
  return {
    async receive({ method, headers, body }) {
      if (method !== "POST") {
        throw new WebhookError(405, `${method} is not taken; Slack POSTs its calls`, { headers: { allow: "POST" } });
      }
      const problem = headerProblem(headers, services.clock.now());
      if (problem !== undefined) throw new WebhookError(401, problem);
      if (!isSigned(await readSigningSecret(), headers, body)) {
        throw new WebhookError(
          401,
          "the signature is not of this signing secret: copy it from the app's Basic Information",
        );
      }
      const retry = RETRY_REASONS.find((reason) => reason === headers["x-slack-retry-reason"]);
      if (retry !== undefined) services.log.warn("slack.retried", { reason: retry });
      try {
        const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
        if (!isForm) return receiveEvent(body, services.log);
        return receiveCommand(body, Number(headers["x-slack-request-timestamp"]) * 1000, apiBase);
      } catch (error) {
        throw error instanceof WebhookError ? unrepeated(error) : error;
      }
    },
  };
}

/** A call that no repetition mends: Slack would make it three times more. After a 401 or 503 it may, as those are mended here. */
function unrepeated({ status, message, field, headers, cause }: WebhookError): WebhookError {
  return new WebhookError(status, message, {
    cause,
    ...(field === undefined ? {} : { field }),
    headers: { ...headers, "x-slack-no-retry": "1" },
  });
}
