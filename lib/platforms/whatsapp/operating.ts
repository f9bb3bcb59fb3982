import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import type { Operating } from "../../adapter/definePlatform.ts";
import { accountOf, type WhatsAppOptions } from "./account.ts";
import { setWebhook, unsetWebhook, webhookProblem } from "./webhook.ts";

/** Tells Meta the webhook's address. */
export function operating(options: WhatsAppOptions, services: AdapterServices): Operating {
  const { apiBase, version, appId, accountId, readToken, readAppSecret, readVerifyToken } = accountOf(
    options,
    services,
  );
  const settings = async () => {
    const [token, appSecret] = [await readToken(), await readAppSecret()];
    return { apiBase, version, appId, accountId, token, appSecret };
  };
  return {
    async register(url) {
      await setWebhook(await settings(), url, await readVerifyToken(), services);
      return `Meta calls ${url} for each message`;
    },

    async unregister() {
      await unsetWebhook(await settings(), services);
      return "Meta calls no address for this account; what users write meanwhile is lost";
    },

    async registered(url) {
      return (await webhookProblem(await settings(), url, services)) ?? true;
    },
  };
}
