import { VesperError } from "../../lib/domain/VesperError.ts";

/** An event pattern uses something that the local runner does not know. It stops the start: no filter is ignored. */
export class FilterError extends VesperError {
  override readonly name = "FilterError";
  readonly retry = false;
}
