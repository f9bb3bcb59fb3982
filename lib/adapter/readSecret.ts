import type { Secrets } from "./AdapterServices.ts";
import { DeliveryError, SecretFormatError } from "./errors.ts";
import type { SecretRef } from "./options.ts";

/**
 * The value of a secret, which is of the form that the adapter's schema states of it (`secretOf`). Throws
 * `SecretFormatError` for another one, and what `Secrets` throws.
 */
export async function readSecret(secrets: Secrets, ref: SecretRef): Promise<string> {
  const value = await secrets.get(ref);
  if (ref.form && !ref.form.matches(value)) throw new SecretFormatError(ref, ref.form.shows);
  return value;
}

/** What follows where something can't be sent for a secret of another form: an operator sets it, then sends again. */
export function asAuthFailure(cause: unknown): unknown {
  if (!(cause instanceof SecretFormatError)) return cause;
  return new DeliveryError("auth", cause.message, { cause, outcome: "not-sent" });
}
