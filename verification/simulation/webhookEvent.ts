import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { signWebhook } from "../../lib/adapter/signing/standardWebhooks.ts";
import { SIGNING_SECRET } from "./configOf.ts";

const KEY = Buffer.from(SIGNING_SECRET.slice("whsec_".length), "base64");

/** A signed call as the HTTP API hands it to the webhook function. `now`: milliseconds since the epoch. */
export function webhookEvent(platform: string, body: string, messageId: string, now: number): APIGatewayProxyEventV2 {
  const path = `/webhooks/${platform}`;
  const routeKey = `ANY ${path}`;
  return {
    version: "2.0",
    routeKey,
    rawPath: path,
    rawQueryString: "",
    headers: { ...signWebhook([KEY], messageId, now, body) },
    body,
    isBase64Encoded: false,
    requestContext: {
      accountId: "000000000000",
      apiId: "simulated",
      domainName: "gateway.test",
      domainPrefix: "gateway",
      http: { method: "POST", path, protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "simulation" },
      requestId: messageId,
      routeKey,
      stage: "$default",
      time: "",
      timeEpoch: now,
    },
  };
}
