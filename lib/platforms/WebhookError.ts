import { VesperError } from "../runtime/VesperError.ts";

/** A webhook call that is refused at the edge. Nothing has been changed by it. */
export class WebhookError extends VesperError {
  override readonly name = "WebhookError";
  readonly retry = false;
  readonly status: 400 | 401 | 404 | 405 | 413;
  /** The field that is wrong, as a dotted path, where it is one. */
  readonly field: string | undefined;

  constructor(status: 400 | 401 | 404 | 405 | 413, message: string, options?: ErrorOptions & { field?: string }) {
    super(message, options);
    this.status = status;
    this.field = options?.field;
  }
}
