import { createHmac } from "node:crypto";
import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { type SecretForm, secretOf, urlSchema } from "../../adapter/options.ts";
import { readSecret } from "../../adapter/readSecret.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";

/** https://core.telegram.org/bots/api#authorizing-your-bot; the digits are the bot's user id. */
const TOKEN: SecretForm = {
  shows: 'a bot token such as "123456:ABC-DEF"',
  matches: (value) => /^\d{1,16}:[\w-]+$/.test(value),
};

/** https://core.telegram.org/bots/api#setwebhook */
export const SECRET_TOKEN: SecretForm = {
  shows: '1 to 256 letters, digits, "_" and "-"',
  matches: (value) => /^[\w-]{1,256}$/.test(value),
};

export const optionsSchema = strictFields({
  token: secretOf(TOKEN),
  secretToken: v.optional(secretOf(SECRET_TOKEN)),
  apiBase: v.optional(urlSchema),
});

export type TelegramOptions = v.InferOutput<typeof optionsSchema>;

/** The bot that some options name. Each `read…` throws `SecretFormatError` for a secret of another form. */
export function botOf(options: TelegramOptions, { secrets }: Pick<AdapterServices, "secrets">) {
  const readToken = async () => {
    const token = await readSecret(secrets, options.token);
    return { token, id: Number(token.slice(0, token.indexOf(":"))) };
  };
  return {
    apiBase: (options.apiBase ?? "https://api.telegram.org").replace(/\/+$/, ""),
    /** The token, and the bot's user id. */
    readToken,
    /** What Telegram shows with each call. */
    async readSecretToken(): Promise<string> {
      // Whoever has the one has the bot: there is nothing to hide from them behind the other.
      if (!options.secretToken) return secretTokenOf((await readToken()).token);
      return readSecret(secrets, options.secretToken);
    },
  };
}

function secretTokenOf(token: string): string {
  return createHmac("sha256", token).update("vesper webhook").digest("hex");
}
