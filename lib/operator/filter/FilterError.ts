import { VesperError } from "../../domain/VesperError.ts";

/** A filter that says something that is not understood. The message says what is. */
export class FilterError extends VesperError {
  override readonly name = "FilterError";
  readonly retry = false;
}
