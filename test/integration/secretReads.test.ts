import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startSqs } from "../../emulators/sqs/startSqs.ts";
import { startSsm } from "../../emulators/ssm/startSsm.ts";
import { createHandler } from "../../functions/webhook.ts";
import { defineConfig } from "../../lib/config/defineConfig.ts";
import { secret } from "../../lib/index.ts";
import { webhook } from "../../lib/memory/webhook/webhook.ts";
import { http } from "../../lib/platforms/http/http.ts";
import { telegram } from "../../lib/platforms/telegram/telegram.ts";
import { once } from "../../lib/runtime/async.ts";
import { edgeFromEnvironment } from "../../lib/services/edgeFromEnvironment.ts";
import { TEST_SECRET } from "../harness/webhookReceiver.ts";
import { signed } from "../security/signed.ts";
import { SECRET_TOKEN } from "../unit/platforms/telegram/telegramCall.ts";

const BODY = JSON.stringify({ conversation: "ann", user: { id: "ann" }, text: "hello" });

const config = defineConfig({
  platforms: {
    http: http({ secret: secret("HTTP_SECRET") }),
    telegram: telegram({ token: secret("BOT_TOKEN"), secretToken: secret("BOT_SECRET") }),
  },
  memory: { crm: webhook({ url: "https://example.com", secret: secret("CRM_SECRET") }) },
});

const VALUES = new Map([
  ["/vesper/Test/HTTP_SECRET", TEST_SECRET],
  ["/vesper/Test/BOT_TOKEN", "123456:ABC"],
  ["/vesper/Test/BOT_SECRET", SECRET_TOKEN],
]);

describe("a cold webhook function", () => {
  let reads: number;
  let values: Map<string, string>;
  let stop: () => Promise<unknown>;
  let post: (platform: string, headers: Readonly<Record<string, string>>) => Promise<number | undefined>;
  beforeEach(async () => {
    reads = 0;
    values = new Map(VALUES);
    const parameters = () => {
      reads++;
      return values;
    };
    const [ssm, sqs] = await Promise.all([startSsm({ parameters }), startSqs()]);
    const environment = {
      ...{ TABLE_NAME: "t", SECRETS_PREFIX: "/vesper/Test", AWS_REGION: "us-east-1" },
      ...{ AWS_ENDPOINT_URL_SSM: ssm.endpoint, AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "y" },
      INBOUND_QUEUE_URL: sqs.queueUrl("none"),
    };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const handler = createHandler(once(() => edgeFromEnvironment(config))) as unknown as (
      event: object,
    ) => Promise<APIGatewayProxyStructuredResultV2>;
    post = async (platform, headers) => {
      const requestContext = { http: { method: "POST" } };
      return (await handler({ routeKey: `ANY /webhooks/${platform}`, headers, body: BODY, requestContext })).statusCode;
    };
    stop = () => Promise.all([ssm.close(), sqs.close()]);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    await stop();
  });

  it("reads all its secrets in one call, however many calls of platforms come at once", async () => {
    const telegramCall = { "x-telegram-bot-api-secret-token": "wrong" };
    const calls = [post("http", signed(BODY)), post("http", signed(BODY)), post("telegram", telegramCall)];
    // Verified, and then there is no queue.
    expect(await Promise.all(calls)).toEqual([503, 503, 401]);
    expect(reads).toBe(1);
  });

  it("does not wait for Parameter Store to refuse what is not signed, and asks no more for a flood of such calls", async () => {
    values.clear();
    for (let call = 0; call < 50; call++) {
      expect(await post("http", {})).toBe(401);
      expect(await post("http", { ...signed(BODY), "webhook-signature": "v1,AAAA" })).toBe(401);
      expect(await post("http", signed(BODY, "old", Date.now() - 600_000))).toBe(401);
      expect(await post("telegram", {})).toBe(401);
      expect(await post("telegram", { "x-telegram-bot-api-secret-token": "what is this?" })).toBe(401);
    }
    // Begun with the function itself.
    await vi.waitFor(() => expect(reads).toBe(1));
  });

  it("finds a secret that was set after it began", async () => {
    values.delete("/vesper/Test/HTTP_SECRET");
    expect(await post("http", signed(BODY))).toBe(503);
    values.set("/vesper/Test/HTTP_SECRET", "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    expect(await post("http", signed(BODY))).toBe(401);
  });
});
