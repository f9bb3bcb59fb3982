import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import type { Receiving } from "../../adapter/definePlatform.ts";
import { WebhookError } from "../../adapter/errors.ts";
import { fieldError, parseJson } from "../../adapter/fieldError.ts";
import { keptFor } from "../../adapter/keptFor.ts";
import { sameSecret } from "../../adapter/signing/signingSecrets.ts";
import { botOf, SECRET_TOKEN, type TelegramOptions } from "./bot.ts";
import { callBotApi } from "./callBotApi.ts";
import { normalise } from "./normalise.ts";
import { namesSomebody } from "./readWords.ts";
import { meSchema, type TelegramUpdate, updateSchema } from "./schema.ts";

/** A bot is renamed by its owner alone, milliseconds. */
const NAMED_FOR = 3_600_000;

/** Takes Telegram's calls. */
export function receiving(options: TelegramOptions, services: AdapterServices): Receiving {
  const { apiBase, readToken, readSecretToken } = botOf(options, services);
  const readUsername = keptFor(services.clock, NAMED_FOR, async () => {
    const { token } = await readToken();
    return v.parse(meSchema, await callBotApi({ apiBase, token, method: "getMe", parameters: {} }, services)).username;
  });
  return {
    async receive({ method, headers, body }) {
      if (method !== "POST") {
        const problem = `${method} is not taken; Telegram POSTs its updates`;
        throw new WebhookError(405, problem, { headers: { allow: "POST" } });
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
  };
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
