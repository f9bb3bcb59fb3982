import { secret } from "../../lib/adapter/options.ts";
import { webhook } from "../../lib/memory/webhook/webhook.ts";
import { testServices } from "../harness/testServices.ts";
import { startWebhookReceiver } from "../harness/webhookReceiver.ts";
import { memoryProviderConformance } from "./memoryProviderConformance.ts";

memoryProviderConformance(
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
  { server: true, recall: false },
);
