import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import type { Operating } from "../../adapter/definePlatform.ts";
import { botOf, type TelegramOptions } from "./bot.ts";
import { callBotApi } from "./callBotApi.ts";
import { getUpdates } from "./getUpdates.ts";
import { ALLOWED_UPDATES, webhookProblem } from "./webhookInfo.ts";

/** Tells Telegram the webhook's address, looks at it, or fetches what users wrote where there is none. */
export function operating(options: TelegramOptions, services: AdapterServices): Operating {
  const { apiBase, readToken, readSecretToken } = botOf(options, services);
  const call = async (method: string, parameters: Readonly<Record<string, unknown>>, hidden: readonly string[] = []) =>
    callBotApi({ apiBase, token: (await readToken()).token, method, parameters, hidden }, services);
  return {
    async register(url) {
      const secretToken = await readSecretToken();
      const parameters = {
        url,
        secret_token: secretToken,
        allowed_updates: ALLOWED_UPDATES,
        // What users wrote while no address was set is answered.
        drop_pending_updates: false,
      };
      await call("setWebhook", parameters, [secretToken]);
      return `Telegram calls ${url} for each message`;
    },

    async unregister() {
      await call("deleteWebhook", { drop_pending_updates: false });
      return "Telegram calls no address; what users write waits for a day";
    },

    async registered(url) {
      const { token } = await readToken();
      const info = await call("getWebhookInfo", {});
      return webhookProblem(info, url, services.clock.now())?.replaceAll(token, "<secret>") ?? true;
    },

    async poll(after, signal) {
      const { token } = await readToken();
      return getUpdates({ apiBase, token }, await readSecretToken(), after, signal, services);
    },
  };
}
