import { describe, it } from "vitest";
import { secret } from "../../lib/adapter/options.ts";
import type { WebhookRequest } from "../../lib/adapter/Platform.ts";
import { platformConformance } from "../../lib/adapter/testing/platformConformance.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { http } from "../../lib/platforms/http/http.ts";
import { startWebhookReceiver } from "../harness/webhookReceiver.ts";
import { httpCall } from "../unit/platforms/http/httpCall.ts";

const OTHER_SECRET = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const SIX_MINUTES = 360_000;

platformConformance({ describe, it }, "http", async () => {
  const server = await startWebhookReceiver();
  const services = testServices({ HTTP_SECRET: server.secret });
  return {
    platform: http({ secret: secret("HTTP_SECRET"), replyUrl: `${server.url}/replies` }).create(services),
    secretsRead: () => services.secrets.asked,
    call: ({ number, text, user }) =>
      httpCall({ conversation: "c-1", user: { id: user }, text }, { id: `msg_${number}` }),
    callWith: (body) => httpCall(body),
    forgeries: (genuine) => {
      const text = Buffer.from(genuine.body).toString();
      return {
        "no headers": { ...genuine, headers: {} },
        "no signature": withHeader(genuine, "webhook-signature", ""),
        "another version": withHeader(
          genuine,
          "webhook-signature",
          `v2${genuine.headers["webhook-signature"]?.slice(2)}`,
        ),
        "half a signature": withHeader(
          genuine,
          "webhook-signature",
          genuine.headers["webhook-signature"]?.slice(0, 20),
        ),
        "another id": withHeader(genuine, "webhook-id", "msg_other"),
        "another time": withHeader(genuine, "webhook-timestamp", String(Math.floor(Date.now() / 1000) - 7)),
        "a time that is none": withHeader(genuine, "webhook-timestamp", "soon"),
        "another body": { ...genuine, body: Buffer.from(text.replace("Hello", "Hullo")) },
        "another secret": httpCall(text, { secret: OTHER_SECRET }),
        "an old call": httpCall(text, { at: Date.now() - SIX_MINUTES }),
        "a call from the future": httpCall(text, { at: Date.now() + SIX_MINUTES }),
      };
    },
    server,
    sent: () => server.effects.map(({ body }) => body.text),
    limit: Number.POSITIVE_INFINITY,
    secrets: [server.secret.slice("whsec_".length)],
    close: () => server.close(),
  };
});

function withHeader(request: WebhookRequest, name: string, value = ""): WebhookRequest {
  return { ...request, headers: { ...request.headers, [name]: value } };
}
