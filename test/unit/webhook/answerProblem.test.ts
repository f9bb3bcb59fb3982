import middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { WebhookError } from "../../../lib/adapter/errors.ts";
import type { LogFields, Logger } from "../../../lib/domain/observability.ts";
import { handlerSettings } from "../../../lib/services/handlerSettings.ts";
import { asLambda } from "../../../lib/services/middlewares/asLambda.ts";
import { provide } from "../../../lib/services/middlewares/provide.ts";
import { answerProblem } from "../../../lib/webhook/answerProblem.ts";

interface Logged {
  readonly event: string;
  readonly fields?: LogFields | undefined;
  readonly error?: unknown;
}

/** What the caller gets, and what is logged, when the handler throws this. */
async function answerTo(error: unknown, platform = "http", build?: () => never) {
  const logged: Logged[] = [];
  const log: Logger = {
    info: (event, fields) => logged.push({ event, fields }),
    warn: (event, fields) => logged.push({ event, fields }),
    error: (event, thrown, fields) => logged.push({ event, fields, error: thrown }),
  };
  const handler = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>(handlerSettings)
    .use(provide(build ?? (() => ({ services: { log } }))))
    .use(answerProblem())
    .handler(() => {
      throw error;
    });
  const invoke = asLambda<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>(handler);
  const event = { routeKey: `ANY /webhooks/${platform}` } as APIGatewayProxyEventV2;
  const { body, ...answer } = await invoke(event, {} as Context);
  return { ...answer, problem: JSON.parse(body ?? ""), logged };
}

const headers = { "content-type": "application/problem+json" };

describe("answerProblem", () => {
  it("tells the caller why a call is refused, and which field is wrong", async () => {
    const refusal = new WebhookError(400, "text is missing", { field: "text" });

    expect(await answerTo(refusal)).toEqual({
      statusCode: 400,
      headers,
      problem: { title: "Bad Request", status: 400, detail: "text is missing", field: "text" },
      logged: [{ event: "webhook.refused", fields: { platform: "http", status: 400, field: "text" } }],
    });
  });

  it("tells the caller to send again, and nothing of what went wrong, when it is no refusal", async () => {
    const error = new Error("the queue https://sqs… is gone");

    expect(await answerTo(error)).toEqual({
      statusCode: 503,
      headers: { ...headers, "retry-after": "5" },
      problem: { title: "Service Unavailable", status: 503, detail: "the message was not accepted; send it again" },
      logged: [{ event: "webhook.failed", fields: { platform: "http" }, error }],
    });
  });

  it("logs 32 characters of a platform's name at the most, as it may be anybody's", async () => {
    const { logged } = await answerTo(new WebhookError(404, "no such platform"), "x".repeat(100));

    expect(String(logged[0]?.fields?.platform)).toHaveLength(32);
  });

  it("fails the invocation when the services can't be built, as there is no log to write to", async () => {
    const build = () => {
      throw new RangeError("no TABLE_NAME");
    };

    await expect(answerTo(new Error("never thrown"), "http", build)).rejects.toThrow("no TABLE_NAME");
  });
});
