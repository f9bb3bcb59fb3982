import * as v from "valibot";
import { secretSchema } from "../config/schema.ts";
import type { SecretRef } from "../config/secret.ts";
import { SecretFormatError } from "./SecretFormatError.ts";
import type { Secrets } from "./Secrets.ts";
import { signingKey } from "./standardWebhooks.ts";

const SECRETS = 'a reference made by secret("NAME"), or a list of one to four of them';

/** One signing secret, or several while it is being changed: any of them verifies, all of them sign. */
export const signingSecretsSchema = v.pipe(
  v.union([secretSchema, v.pipe(v.array(secretSchema), v.minLength(1, SECRETS), v.maxLength(4, SECRETS))], SECRETS),
  v.transform((given): readonly SecretRef[] => (Array.isArray(given) ? given : [given])),
);

/** Fetches the raw keys of signing secrets. Throws `SecretFormatError`, and what `Secrets` throws. */
export async function signingKeys(refs: readonly SecretRef[], secrets: Secrets): Promise<readonly Uint8Array[]> {
  return Promise.all(
    refs.map(async (ref) => {
      const key = signingKey(await secrets.get(ref));
      if (!key) throw new SecretFormatError(ref, '"whsec_" and 24 to 64 bytes in base64');
      return key;
    }),
  );
}
