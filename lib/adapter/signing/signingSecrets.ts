import { timingSafeEqual } from "node:crypto";
import * as v from "valibot";
import { sha256 } from "../../domain/ids.ts";
import type { Secrets } from "../AdapterServices.ts";
import { SecretFormatError } from "../errors.ts";
import { type SecretForm, type SecretRef, secretOf } from "../options.ts";
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

/** Whether two texts are equal, in a time that tells nothing of either, their lengths included. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}
