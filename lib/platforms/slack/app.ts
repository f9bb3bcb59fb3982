import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { type SecretForm, secretOf, urlSchema } from "../../adapter/options.ts";
import { readSecret } from "../../adapter/readSecret.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";

/** https://docs.slack.dev/authentication/tokens#bot */
const TOKEN: SecretForm = {
  shows: 'a bot token such as "xoxb-123-456-abc"',
  matches: (value) => /^xoxb-[\w-]+$/.test(value),
};

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
const SIGNING_SECRET: SecretForm = {
  shows: "a signing secret of 32 small letters and digits",
  matches: (value) => /^[0-9a-z]{32}$/.test(value),
};

export const optionsSchema = strictFields({
  token: secretOf(TOKEN),
  signingSecret: secretOf(SIGNING_SECRET),
  apiBase: v.optional(urlSchema),
});

export type SlackOptions = v.InferOutput<typeof optionsSchema>;

/** The app that some options name. Each `read…` throws `SecretFormatError` for a secret of another form. */
export function appOf(options: SlackOptions, { secrets }: Pick<AdapterServices, "secrets">) {
  return {
    apiBase: (options.apiBase ?? "https://slack.com/api").replace(/\/+$/, ""),
    readToken: () => readSecret(secrets, options.token),
    readSigningSecret: () => readSecret(secrets, options.signingSecret),
  };
}
