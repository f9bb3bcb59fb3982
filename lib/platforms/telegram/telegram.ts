import * as v from "valibot";
import { defineAdapter } from "../../adapter/Adapter.ts";
import { DeliveryError, SecretFormatError, WebhookError } from "../../adapter/errors.ts";
import { parseJson } from "../../adapter/fieldError.ts";
import { type SecretForm, secretOf, urlSchema } from "../../adapter/options.ts";
import type { Platform } from "../../adapter/Platform.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import { sameSecret } from "../../adapter/signing/signingSecrets.ts";
import { splitText } from "../../adapter/text/splitText.ts";
import { callBotApi } from "./callBotApi.ts";
import { normalise } from "./normalise.ts";
import { sendMessageBody } from "./sendMessage.ts";
import { ALLOWED_UPDATES, webhookProblem } from "./webhookInfo.ts";

/** The most of one message, UTF-16 units. https://core.telegram.org/bots/api#sendmessage */
const MAX_TEXT_LENGTH = 4096;

const USERNAME = 'the bot\'s user name without "@", such as "vesper_bot"';

/** https://core.telegram.org/bots/api#authorizing-your-bot; the digits are the bot's user id. */
const TOKEN: SecretForm = {
  shows: 'a bot token such as "123456:ABC-DEF"',
  matches: (value) => botId(value) !== undefined,
};

/** https://core.telegram.org/bots/api#setwebhook */
const SECRET_TOKEN: SecretForm = {
  shows: '1 to 256 letters, digits, "_" and "-"',
  matches: (value) => /^[\w-]{1,256}$/.test(value),
};

const optionsSchema = strictFields({
  token: secretOf(TOKEN),
  secretToken: secretOf(SECRET_TOKEN),
  username: v.optional(v.pipe(v.string(USERNAME), v.regex(/^\w{3,32}$/, USERNAME))),
  apiBase: v.optional(urlSchema),
});

/**
 * Telegram. `token` is the bot's token, `secretToken` the `secret_token` that was given to setWebhook. Set `username` so
 * that in groups with several bots `/reset@another_bot` is not taken for ours. `apiBase` is for a Bot API server of
 * one's own.
 */
export const telegram = defineAdapter("platform", "telegram", optionsSchema, (options, services): Platform => {
  const apiBase = (options.apiBase ?? "https://api.telegram.org").replace(/\/+$/, "");

  const readToken = async () => {
    const token = await services.secrets.get(options.token);
    const id = botId(token);
    if (id === undefined) throw new SecretFormatError(options.token, TOKEN.shows);
    return { token, id };
  };

  const readSecretToken = async () => {
    const secretToken = await services.secrets.get(options.secretToken);
    if (SECRET_TOKEN.matches(secretToken)) return secretToken;
    throw new SecretFormatError(options.secretToken, SECRET_TOKEN.shows);
  };

  return {
    async receive({ method, headers, body }) {
      if (method !== "POST") throw new WebhookError(405, `${method} is not taken; Telegram POSTs its updates`);
      const given = headers["x-telegram-bot-api-secret-token"] ?? "";
      if (!SECRET_TOKEN.matches(given) || !sameSecret(given, await readSecretToken())) {
        throw new WebhookError(
          401,
          "the secret token is missing or wrong: register the webhook anew with npx vesper webhooks set",
        );
      }
      const { id } = await readToken();
      const messages = normalise(parseJson(body), { id, username: options.username });
      return { messages, response: { status: 200 } };
    },

    render: (text) => splitText(text, MAX_TEXT_LENGTH),

    async send(chunk) {
      const parameters = sendMessageBody(chunk);
      const { token } = await readToken().catch((cause: unknown) => {
        if (!(cause instanceof SecretFormatError)) throw cause;
        throw new DeliveryError("auth", cause.message, { cause, outcome: "not-sent" });
      });
      await callBotApi({ apiBase, token, method: "sendMessage", parameters }, services);
    },

    async register(url) {
      const { token } = await readToken();
      const secretToken = await readSecretToken();
      const parameters = {
        url,
        secret_token: secretToken,
        allowed_updates: ALLOWED_UPDATES,
        // What users wrote while no address was set is answered.
        drop_pending_updates: false,
      };
      await callBotApi({ apiBase, token, method: "setWebhook", parameters, hidden: [secretToken] }, services);
      return `Telegram calls ${url} for each message`;
    },

    async registered(url) {
      const { token } = await readToken();
      const info = await callBotApi({ apiBase, token, method: "getWebhookInfo", parameters: {} }, services);
      return webhookProblem(info, url, services.clock.now())?.replaceAll(token, "<secret>") ?? true;
    },
  };
});

/** The bot's user id, which its token begins with; undefined when it is no token. */
function botId(token: string): number | undefined {
  const id = /^(\d{1,16}):[\w-]+$/.exec(token)?.[1];
  return id === undefined ? undefined : Number(id);
}
