import { VesperError } from "./VesperError.ts";

/** A secret that the config refers to has no value. */
export class MissingSecretError extends VesperError {
  override readonly name = "MissingSecretError";
  readonly retry = true;
  constructor(parameter: string, options?: ErrorOptions) {
    super(`no secret "${parameter}"; set that SSM parameter, or the line in .env when it runs locally`, options);
  }
}
