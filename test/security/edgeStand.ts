import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { createHandler } from "../../functions/webhook.ts";
import { parse } from "../../lib/adapter/schema/parse.ts";
import { defineConfig } from "../../lib/config/defineConfig.ts";
import { type InboundJob, inboundJobSchema } from "../../lib/domain/InboundJob.ts";
import { systemClock } from "../../lib/domain/observability.ts";
import { secret } from "../../lib/index.ts";
import { builtin } from "../../lib/memory/builtin/builtin.ts";
import { http } from "../../lib/platforms/http/http.ts";
import { telegram } from "../../lib/platforms/telegram/telegram.ts";
import type { SendBatch } from "../../lib/runtime/aws/postBatch.ts";
import { jsonLogger } from "../../lib/runtime/jsonLogger.ts";
import { knownSecrets } from "../../lib/runtime/knownSecrets.ts";
import { createEdgeServices } from "../../lib/services/createEdgeServices.ts";
import { TEST_SECRET } from "../harness/webhookReceiver.ts";
import { SECRET_TOKEN } from "../unit/platforms/telegram/telegramCall.ts";
import { signed } from "./signed.ts";

const BOT_TOKEN = "123456:TEST-token_of_the_edge";

/** The webhook function alone, in front of a queue that only keeps what it is given. */
export function edgeStand() {
  const lines: string[] = [];
  const bodies: string[] = [];
  const secrets = new Map([
    ["SIGNING", TEST_SECRET],
    ["TOKEN", BOT_TOKEN],
    ["SECRET_TOKEN", SECRET_TOKEN],
  ]);
  const config = defineConfig({
    platforms: {
      http: http({ secret: secret("SIGNING") }),
      telegram: telegram({ token: secret("TOKEN"), secretToken: secret("SECRET_TOKEN") }),
    },
    memory: { builtin: builtin() },
  });
  const services = createEdgeServices({
    config,
    clock: systemClock,
    log: jsonLogger(systemClock, "info", (line) => lines.push(line)),
    metrics: { put: () => undefined },
    http: { send: () => Promise.reject(new Error("the edge calls nobody")) },
    secrets: knownSecrets({ get: async ({ secret: name }) => secrets.get(name) ?? "" }),
  });
  const inbound: SendBatch = async (entries) => {
    bodies.push(...entries.map(({ MessageBody }) => MessageBody));
    return [];
  };
  const handler = createHandler(() => ({ services, inbound })) as unknown as (
    event: object,
  ) => Promise<APIGatewayProxyStructuredResultV2>;

  /** As the HTTP API calls it, but for what `changes` says. */
  const post = (
    platform: string,
    body: string | Uint8Array,
    headers: Readonly<Record<string, string>>,
    changes: object = {},
  ) =>
    handler({
      routeKey: `ANY /webhooks/${platform}`,
      headers,
      body: Buffer.from(body).toString("base64"),
      isBase64Encoded: true,
      requestContext: { http: { method: "POST" } },
      ...changes,
    });

  return {
    config,
    services,
    /** Every line that was logged. */
    lines,
    /** Every queue message's text. */
    bodies,
    post,
    /** The http platform, signed rightly. */
    postSigned: (body: string, id = "msg_1", changes: object = {}) => post("http", body, signed(body, id), changes),
    /** Telegram with the right secret. */
    postUpdate: (body: string) => post("telegram", body, { "x-telegram-bot-api-secret-token": SECRET_TOKEN }),
    /** Takes what is on the queue. */
    takeJobs: (): readonly InboundJob[] => bodies.splice(0).map((body) => parse(inboundJobSchema, JSON.parse(body))),
  };
}
