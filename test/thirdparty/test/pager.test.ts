import { describe, it } from "node:test";
import { secret } from "vesper";
import { signingKey, signWebhook, type WebhookRequest } from "vesper/adapter";
import { platformConformance, startFaultServer, testServices } from "vesper/testing";
import { pager } from "../adapters/pager.ts";

const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const OTHER = `whsec_${Buffer.alloc(32, 2).toString("base64")}`;

platformConformance({ describe, it }, "pager", async () => {
  const sent: string[] = [];
  const server = await startFaultServer(({ body }) => {
    sent.push(JSON.parse(body).text);
    return { status: 204 };
  });
  const services = testServices({ SECRET });
  return {
    platform: pager({ api: server.url, secret: secret("SECRET") }).create(services),
    secretsRead: () => services.secrets.asked,
    call: ({ number, text, user }) => signed(JSON.stringify({ from: user, text }), { id: `msg_${number}` }),
    callWith: (body) => signed(body),
    forgeries: (genuine) => ({
      "no signature": { ...genuine, headers: {} },
      "another body": { ...genuine, body: Buffer.from("{}") },
      "another secret": signed(Buffer.from(genuine.body).toString(), { key: OTHER }),
      "an old call": signed(Buffer.from(genuine.body).toString(), { at: Date.now() - 600_000 }),
    }),
    server,
    sent: () => sent,
    limit: 500,
    secrets: [SECRET.slice("whsec_".length)],
    close: () => server.close(),
  };
});

function signed(body: string, { id = "msg_1", key = SECRET, at = Date.now() } = {}): WebhookRequest {
  const headers = signWebhook([signingKey(key) ?? Buffer.alloc(0)], id, at, body);
  const url = "https://gateway.example.com/webhooks/pager";
  return { method: "POST", url, headers: { ...headers }, query: {}, body: Buffer.from(body) };
}
