import { describe, it } from "vitest";
import { secret } from "../../lib/adapter/options.ts";
import { memoryProviderConformance } from "../../lib/adapter/testing/memoryProviderConformance.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { webhook } from "../../lib/memory/webhook/webhook.ts";
import { startWebhookReceiver } from "../harness/webhookReceiver.ts";

memoryProviderConformance(
  { describe, it },
  "webhook",
  async () => {
    const server = await startWebhookReceiver();
    const services = testServices({ HOOK: server.secret }, 2_000);
    return {
      provider: webhook({ url: `${server.url}/sessions`, secret: secret("HOOK") }).create(services),
      stored: async () => ({
        effects: server.effects.map(({ id, body }) => ({ id, body })),
        conflicts: server.conflicts,
      }),
      server,
      secrets: [server.secret.slice("whsec_".length)],
      close: () => server.close(),
    };
  },
  { server: true, idempotency: "server-key", recall: false, forget: false },
);
