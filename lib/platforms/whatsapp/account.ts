import { createHmac } from "node:crypto";
import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { type SecretForm, secretOf, secretSchema, urlSchema } from "../../adapter/options.ts";
import { readSecret } from "../../adapter/readSecret.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";

/** The version of the Graph API that this is written for. */
const VERSION = "v26.0";

/** Meta promises no form: https://developers.facebook.com/docs/facebook-login/guides/access-tokens */
const TOKEN: SecretForm = {
  shows: 'a system user\'s access token such as "EAAJB…", without blanks and quotes',
  matches: (value) => /^[!#-&(-~]+$/.test(value),
};

/** Meta states no form; all are of 32 digits today. */
const APP_SECRET: SecretForm = {
  shows: "an app secret: 32 hex digits",
  matches: (value) => /^[\da-f]{32,}$/i.test(value),
};

const ID = "digits, as Meta's pages show them";
const idSchema = v.pipe(v.string(ID), v.regex(/^\d{1,32}$/, ID));

const VERSIONS = `a version of the Graph API such as "${VERSION}"`;

export const optionsSchema = strictFields({
  phoneNumberId: idSchema,
  accountId: idSchema,
  appId: idSchema,
  token: secretOf(TOKEN),
  appSecret: secretOf(APP_SECRET),
  verifyToken: v.optional(secretSchema),
  version: v.optional(v.pipe(v.string(VERSIONS), v.regex(/^v\d{1,3}\.0$/, VERSIONS)), VERSION),
  apiBase: v.optional(urlSchema),
});

export type WhatsAppOptions = v.InferOutput<typeof optionsSchema>;

/** The account that some options name. Each `read…` throws `SecretFormatError` for a secret of another form. */
export function accountOf(options: WhatsAppOptions, { secrets }: Pick<AdapterServices, "secrets">) {
  const { phoneNumberId, accountId, appId, version } = options;
  const readAppSecret = () => readSecret(secrets, options.appSecret);
  return {
    ...{ phoneNumberId, accountId, appId, version },
    apiBase: (options.apiBase ?? "https://graph.facebook.com").replace(/\/+$/, ""),
    readToken: () => readSecret(secrets, options.token),
    readAppSecret,
    /** What Meta shows once, when the address is set. */
    readVerifyToken: async () =>
      options.verifyToken
        ? secrets.get(options.verifyToken)
        : // Whoever has the one can have the other: there is nothing to hide from them behind it.
          createHmac("sha256", await readAppSecret())
            .update("vesper webhook")
            .digest("hex"),
  };
}
