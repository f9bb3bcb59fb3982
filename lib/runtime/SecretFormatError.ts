import type { SecretRef } from "../config/secret.ts";
import { VesperError } from "./VesperError.ts";

/** A secret has a value, but not one of the form it must have. The message never holds the value. */
export class SecretFormatError extends VesperError {
  override readonly name = "SecretFormatError";
  readonly retry = false;

  /** @param allowed the form it must have, in words */
  constructor(ref: SecretRef, allowed: string) {
    super(`the secret ${ref.secret} is not ${allowed}; set it again and redeliver`);
  }
}
