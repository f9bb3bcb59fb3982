import { secret } from "../../lib/index.ts";
import { webhook } from "../../lib/memory/webhook/webhook.ts";
import type { WebhookReceiver } from "./webhookReceiver.ts";

/** A memory provider for the config: that receiver. */
export function webhookTo(receiver: WebhookReceiver) {
  return webhook({ url: receiver.url, secret: secret("CRM_SECRET") });
}
