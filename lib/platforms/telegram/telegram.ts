import { createHmac } from "node:crypto";
import * as v from "valibot";
import { defineAdapter } from "../../adapter/Adapter.ts";
import { DeliveryError, SecretFormatError, WebhookError } from "../../adapter/errors.ts";
import { fieldError, parseJson } from "../../adapter/fieldError.ts";
import { keptFor } from "../../adapter/keptFor.ts";
import { type SecretForm, secretOf, urlSchema } from "../../adapter/options.ts";
import type { Platform } from "../../adapter/Platform.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import { sameSecret } from "../../adapter/signing/signingSecrets.ts";
import { splitText } from "../../adapter/text/splitText.ts";
import { callBotApi } from "./callBotApi.ts";
import { getUpdates } from "./getUpdates.ts";
import { normalise } from "./normalise.ts";
import { namesSomebody } from "./readWords.ts";
import { meSchema, type TelegramUpdate, updateSchema } from "./schema.ts";
import { sendMessage, targetOf } from "./sendMessage.ts";
import { showDraft } from "./showDraft.ts";
import { ALLOWED_UPDATES, webhookProblem } from "./webhookInfo.ts";

/** A bot is renamed by its owner alone, milliseconds. */
const NAMED_FOR = 3_600_000;

/** The most of one message, UTF-16 units. https://core.telegram.org/bots/api#sendmessage */
const MAX_TEXT_LENGTH = 4096;

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
  secretToken: v.optional(secretOf(SECRET_TOKEN)),
  apiBase: v.optional(urlSchema),
});

/**
 * Telegram. `token` is the bot's token. `secretToken` is what Telegram shows with each call; left out, it is made of the
 * token, and `vesper webhooks set` tells it to Telegram. `apiBase` is for a Bot API server of one's own.
 */
export const telegram = defineAdapter(
  "platform",
  "telegram",
  optionsSchema,
  (options, services): Platform => {
    const apiBase = (options.apiBase ?? "https://api.telegram.org").replace(/\/+$/, "");

    const readToken = async () => {
      const token = await services.secrets.get(options.token);
      const id = botId(token);
      if (id === undefined) throw new SecretFormatError(options.token, TOKEN.shows);
      return { token, id };
    };

    const readSecretToken = async () => {
      // Whoever has the one has the bot: there is nothing to hide from them behind the other.
      if (!options.secretToken) return secretTokenOf((await readToken()).token);
      const secretToken = await services.secrets.get(options.secretToken);
      if (SECRET_TOKEN.matches(secretToken)) return secretToken;
      throw new SecretFormatError(options.secretToken, SECRET_TOKEN.shows);
    };

    const call = async (
      method: string,
      parameters: Readonly<Record<string, unknown>>,
      hidden: readonly string[] = [],
    ) => callBotApi({ apiBase, token: (await readToken()).token, method, parameters, hidden }, services);

    const readUsername = keptFor(
      services.clock,
      NAMED_FOR,
      async () => v.parse(meSchema, await call("getMe", {})).username,
    );

    return {
      async receive({ method, headers, body }) {
        if (method !== "POST") {
          throw new WebhookError(405, `${method} is not taken; Telegram POSTs its updates`, {
            headers: { allow: "POST" },
          });
        }
        const given = headers["x-telegram-bot-api-secret-token"] ?? "";
        if (!SECRET_TOKEN.matches(given) || !sameSecret(given, await readSecretToken())) {
          throw new WebhookError(
            401,
            "the secret token is missing or wrong: register the webhook anew with npx vesper webhooks set",
          );
        }
        const json = parseJson(body);
        const update = v.safeParse(updateSchema, json);
        if (!update.success) throw fieldError(update.issues, json);
        const { id } = await readToken();
        const bot = { id, ...(needsName(update.output) ? { username: await readUsername() } : {}) };
        return { ...normalise(update.output, bot), response: { status: 200 } };
      },

      render: (text) => splitText(text, MAX_TEXT_LENGTH),

      async send(chunk) {
        targetOf(chunk.replyTo);
        const { token } = await readToken().catch((cause: unknown) => {
          if (!(cause instanceof SecretFormatError)) throw cause;
          throw new DeliveryError("auth", cause.message, { cause, outcome: "not-sent" });
        });
        return sendMessage({ apiBase, token }, chunk, services);
      },

      async showTyping(replyTo) {
        const { chat, thread } = targetOf(replyTo);
        const topic = thread === undefined ? {} : { message_thread_id: thread };
        await call("sendChatAction", { chat_id: chat, action: "typing", ...topic });
      },

      async showDraft(draft) {
        const { token } = await readToken();
        return showDraft({ apiBase, token }, draft, services);
      },

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
  },
  { isPublic: true },
);

/** The bot's user id, which its token begins with; undefined when it is no token. */
function botId(token: string): number | undefined {
  const id = /^(\d{1,16}):[\w-]+$/.exec(token)?.[1];
  return id === undefined ? undefined : Number(id);
}

function secretTokenOf(token: string): string {
  return createHmac("sha256", token).update("vesper webhook").digest("hex");
}

/** In a private chat nobody else is spoken to. */
function needsName({ message, edited_message: edited }: TelegramUpdate): boolean {
  const given = message ?? edited;
  if (!given || given.chat.type === "private") return false;
  return (
    namesSomebody(given.text ?? "", given.entities ?? []) ||
    namesSomebody(given.caption ?? "", given.caption_entities ?? [])
  );
}
