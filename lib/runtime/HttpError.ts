import { VesperError } from "./VesperError.ts";

/** No response came. `outcome` says whether the other side may have acted on the request all the same. */
export class HttpError extends VesperError {
  override readonly name = "HttpError";
  readonly retry = true;
  readonly outcome: "not-sent" | "unknown";

  constructor(message: string, outcome: "not-sent" | "unknown", options?: ErrorOptions) {
    super(message, options);
    this.outcome = outcome;
  }
}
