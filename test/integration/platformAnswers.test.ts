import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Platform, WebhookRequest } from "../../lib/adapter/Platform.ts";
import { sqsBatch } from "../../lib/queues/sqsBatch.ts";
import type { Services } from "../../lib/services/Services.ts";
import { acceptWebhook } from "../../lib/webhook/acceptWebhook.ts";
import { requestOf } from "../../lib/webhook/webhookCall.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { queueDepth } from "../harness/rows.ts";
import { SECRET_HEADERS, updateOf } from "../harness/telegram.ts";

const ANSWERS = {
  response: { status: 200, body: "taken" },
  refused: { status: 200, body: "not for you" },
  unavailable: { status: 200, body: "say it again" },
};

describe("a platform's own answers to its calls", () => {
  let harness: GatewayHarness;
  let services: Services;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    services = answering();
  });
  afterEach(() => harness.stop());

  /** The gateway as it is deployed, whose platform says what it wants answered. */
  function answering(): Services {
    const { services: deployed } = harness;
    return {
      ...deployed,
      platform(name): Platform | undefined {
        const platform = deployed.platform(name);
        return (
          platform && { ...platform, receive: async (call) => ({ ...(await platform.receive(call)), ...ANSWERS }) }
        );
      },
    };
  }

  const call: WebhookRequest = {
    ...{ method: "POST", url: "https://gateway.example.com/webhooks/telegram", headers: SECRET_HEADERS, query: {} },
    body: Buffer.from(JSON.stringify(updateOf())),
  };

  const post = (url = harness.wiring.queues.inbound) =>
    acceptWebhook(services, sqsBatch({ client: harness.operatorQueues, url }), "telegram", call);

  it("is the one for messages that are queued", async () => {
    expect(await post()).toEqual(ANSWERS.response);
    expect(await queueDepth(harness, harness.wiring.queues.inbound)).toBe(1);
  });

  it("is the one for people whom the config does not let talk, of whom nothing is queued", async () => {
    harness.deploy({ access: { telegram: { users: ["1"] } } });
    services = answering();
    expect(await post()).toEqual(ANSWERS.refused);
    expect(await queueDepth(harness, harness.wiring.queues.inbound)).toBe(0);
  });

  it("T4 is the one for messages that the queue does not take, and the failure is logged and counted", async () => {
    expect(await post(`${harness.wiring.queues.inbound}-is-gone`)).toEqual(ANSWERS.unavailable);
    expect(harness.logged).toContainEqual(
      expect.objectContaining({ event: "webhook.unavailable", error: expect.any(Error) }),
    );
    expect(harness.measured).toContainEqual(expect.objectContaining({ name: "TurnFailed" }));
  });
});

describe("a call of the webhook's address", () => {
  it("has the public address with its query, and the exact bytes", () => {
    const event = {
      ...{ version: "2.0", routeKey: "ANY /webhooks/sms", rawPath: "/webhooks/sms", rawQueryString: "a=1%202&b" },
      ...{ headers: { "X-Signature": "s" }, isBase64Encoded: true, body: Buffer.from([0, 255]).toString("base64") },
      requestContext: { domainName: "gateway.example.com", http: { method: "POST" } },
    };
    expect(requestOf(event as never)).toEqual({
      ...{ method: "POST", url: "https://gateway.example.com/webhooks/sms?a=1%202&b", query: {} },
      ...{ headers: { "x-signature": "s" }, body: Buffer.from([0, 255]) },
    });
  });
});
