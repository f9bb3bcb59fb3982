import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { type SecretForm, type SecretRef, secretOf, urlSchema } from "../../adapter/options.ts";
import { readSecret } from "../../adapter/readSecret.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";

const KEY: SecretForm = {
  shows: "an application's public key, 64 hexadecimal digits",
  matches: (value) => /^[0-9a-f]{64}$/i.test(value),
};

const TOKEN: SecretForm = {
  shows: "a bot's token, three parts with dots between them",
  matches: (value) => /^[\w-]{10,64}\.[\w-]{4,16}\.[\w-]{20,128}$/.test(value),
};

export const optionsSchema = strictFields({
  publicKey: secretOf(KEY),
  token: v.optional(secretOf(TOKEN)),
  apiBase: v.optional(urlSchema),
});

export type DiscordOptions = v.InferOutput<typeof optionsSchema>;

/** The application that some options name. Each `read…` throws `SecretFormatError` for a secret of another form. */
export function applicationOf(options: DiscordOptions, { secrets }: Pick<AdapterServices, "secrets">) {
  return {
    apiBase: (options.apiBase ?? "https://discord.com/api/v10").replace(/\/+$/, ""),
    readPublicKey: async () => (await readSecret(secrets, options.publicKey)).toLowerCase(),
    readToken: (ref: SecretRef) => readSecret(secrets, ref),
  };
}
