import { VesperError } from "../../lib/domain/VesperError.ts";

/** A call of the page that can't be done as it was made. */
export class ConsoleError extends VesperError {
  override readonly name = "ConsoleError";
  readonly retry = false;
  readonly status: 400 | 404 | 409 | 413;
  constructor(status: 400 | 404 | 409 | 413, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}
