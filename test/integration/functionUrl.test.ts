import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import Twilio from "twilio";
import { beforeEach, describe, expect, it } from "vitest";
import { ACCOUNT } from "../../emulators/platforms/twilio/startTwilioFake.ts";
import { createHandler } from "../../functions/webhook.ts";
import { defineConfig } from "../../lib/config/defineConfig.ts";
import { systemClock } from "../../lib/domain/observability.ts";
import { secret } from "../../lib/index.ts";
import { http } from "../../lib/platforms/http/http.ts";
import { twilio } from "../../lib/platforms/twilio/twilio.ts";
import { jsonLogger } from "../../lib/runtime/jsonLogger.ts";
import { knownSecrets } from "../../lib/runtime/knownSecrets.ts";
import { createEdgeServices } from "../../lib/services/createEdgeServices.ts";
import { TEST_SECRET } from "../harness/webhookReceiver.ts";
import { signed } from "../security/signed.ts";
import { formOf } from "../unit/platforms/twilio/twilioCall.ts";

const HOST = "abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-central-1.on.aws";
const BODY = JSON.stringify({ conversation: "ann", user: { id: "ann" }, text: "hello" });

/**
 * What Lambda makes of a call of a function URL.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-request-payload
 */
function eventOf(path: string, headers: Readonly<Record<string, string>>, body: string, isBase64Encoded = false) {
  const [rawPath = "/", rawQueryString = ""] = path.split("?");
  return {
    ...{ version: "2.0", routeKey: "$default", rawPath, rawQueryString, pathParameters: null },
    headers: { host: HOST, "x-forwarded-for": "192.0.2.1", ...headers },
    requestContext: {
      ...{ accountId: "anonymous", apiId: HOST.split(".")[0], domainName: HOST, domainPrefix: HOST.split(".")[0] },
      http: { method: "POST", path: rawPath, protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "test" },
      ...{ requestId: "one", routeKey: "$default", stage: "$default", time: "", timeEpoch: 0 },
    },
    body: isBase64Encoded ? Buffer.from(body).toString("base64") : body,
    isBase64Encoded,
  };
}

describe("the webhook function, called by its URL,", () => {
  let queued: string[];
  let lines: string[];
  let call: (event: object) => Promise<APIGatewayProxyStructuredResultV2>;
  beforeEach(() => {
    [queued, lines] = [[], []];
    const { accountSid, number, authToken } = ACCOUNT;
    const secrets = new Map([
      ["SIGNING", TEST_SECRET],
      ["AUTH_TOKEN", authToken],
    ]);
    const services = createEdgeServices({
      config: defineConfig({
        platforms: {
          http: http({ secret: secret("SIGNING") }),
          sms: twilio({ accountSid, authToken: secret("AUTH_TOKEN"), number }),
        },
      }),
      clock: systemClock,
      log: jsonLogger(systemClock, "info", (line) => lines.push(line)),
      metrics: { put: () => undefined },
      http: { send: () => Promise.reject(new Error("the edge calls nobody")) },
      secrets: knownSecrets({ get: async ({ secret: name }) => secrets.get(name) ?? "" }),
    });
    const inbound = async (entries: readonly { readonly MessageBody: string }[]) => {
      queued.push(...entries.map(({ MessageBody }) => MessageBody));
      return [];
    };
    call = createHandler(() => ({ services, inbound })) as unknown as typeof call;
  });

  it.each([false, true])("takes a platform's call by its path, its body in base64: %s", async (isBase64Encoded) => {
    const event = eventOf("/webhooks/http", signed(BODY), BODY, isBase64Encoded);

    expect(await call(event)).toMatchObject({ statusCode: 202 });
    expect(queued.map((body) => JSON.parse(body))).toMatchObject([{ platform: "http", message: { text: "hello" } }]);
  });

  it.each([
    "/",
    "/favicon.ico",
    "/webhooks",
    "/webhooks/",
    "/webhooks/slack",
    "/webhooks/http/",
    "/webhooks/http/more",
    "//webhooks/http",
    "/other/webhooks/http",
    "/http",
    "/webhooks/constructor",
    "/webhooks/%68ttp",
    "/$default",
  ])("answers 404 to %s, which no platform has, though the call is signed, and queues nothing", async (path) => {
    const { statusCode, body = "" } = await call(eventOf(path, signed(BODY), BODY));

    expect(statusCode).toBe(404);
    expect(JSON.parse(body)).toMatchObject({ status: 404, detail: expect.stringMatching(/^no platform ".*" is conf/) });
    expect(queued).toEqual([]);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ event: "webhook.refused", status: 404 }]);
  });

  it("answers 413 to a body that is larger than platforms send, before it reads a secret", async () => {
    const body = "x".repeat(3 * 1024 * 1024 + 1);

    expect(await call(eventOf("/webhooks/http", signed(body), body, true))).toMatchObject({ statusCode: 413 });
    expect(queued).toEqual([]);
  });

  it.each(["", "?a=1%202&b"])("takes what Twilio signs for that address, with the query %s", async (query) => {
    const path = `/webhooks/sms${query}`;
    const form = formOf({ Body: "Grüße" });
    const signature = Twilio.getExpectedTwilioSignature(ACCOUNT.authToken, `https://${HOST}${path}`, form);
    const body = new URLSearchParams(form).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature };

    expect(await call(eventOf(path, headers, body, true))).toMatchObject({ statusCode: 200 });
    expect(queued.map((one) => JSON.parse(one))).toMatchObject([{ platform: "sms", message: { text: "Grüße" } }]);
    expect(await call(eventOf("/webhooks/sms?other", headers, body, true))).toMatchObject({ statusCode: 401 });
  });
});
