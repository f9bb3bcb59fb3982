import * as v from "valibot";
import { secretOf } from "../config/schema.ts";
import type { SecretForm, SecretRef } from "../config/secret.ts";
import { SecretFormatError } from "./SecretFormatError.ts";
import type { Secrets } from "./Secrets.ts";
import { signingKey } from "./standardWebhooks.ts";

const SECRETS = 'a reference made by secret("NAME"), or a list of one to four of them';

const FORM: SecretForm = {
  shows: '"whsec_" and 24 to 64 bytes in base64',
  matches: (value) => signingKey(value) !== undefined,
};

const oneSchema = secretOf(FORM);

const severalSchema = v.pipe(
  v.array(oneSchema),
  v.check(({ length }) => length >= 1 && length <= 4, SECRETS),
);

/** One signing secret, or several while it is being changed: any of them verifies, all of them sign. */
export const signingSecretsSchema = v.pipe(
  v.custom<SecretRef | SecretRef[]>((given) => typeof given === "object" && given !== null, SECRETS),
  v.lazy((given): v.GenericSchema<SecretRef | SecretRef[]> => (Array.isArray(given) ? severalSchema : oneSchema)),
  v.transform((given): readonly SecretRef[] => [given].flat()),
);

/** Fetches the raw keys of signing secrets. Throws `SecretFormatError`, and what `Secrets` throws. */
export async function signingKeys(refs: readonly SecretRef[], secrets: Secrets): Promise<readonly Uint8Array[]> {
  return Promise.all(
    refs.map(async (ref) => {
      const key = signingKey(await secrets.get(ref));
      if (!key) throw new SecretFormatError(ref, FORM.shows);
      return key;
    }),
  );
}
