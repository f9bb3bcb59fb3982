import type { SecretRef } from "../config/secret.ts";

/** Reads secrets at the moment they are needed. */
export interface Secrets {
  /**
   * The secret's value. Throws `MissingSecretError` when there is none, which a retry may mend once it is set, and
   * `SecretUnavailable` when it can't be read just now.
   */
  get(ref: SecretRef): Promise<string>;
}
