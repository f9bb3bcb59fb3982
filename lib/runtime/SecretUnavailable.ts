import { VesperError } from "./VesperError.ts";

/** A secret could not be read just now: too many calls, no permission, no answer. Where it is kept may well have it. */
export class SecretUnavailable extends VesperError {
  override readonly name = "SecretUnavailable";
  readonly retry = true;
  constructor(parameter: string, options: ErrorOptions) {
    super(`the secret "${parameter}" could not be read; it is tried again`, options);
  }
}
