import { VesperError } from "../lib/domain/VesperError.ts";

/** The gateway can't start on this machine, or a part of the template is not supported here. The message says why. */
export class LocalError extends VesperError {
  override readonly name = "LocalError";
  readonly retry = false;
}
