import { VesperError } from "../../lib/domain/VesperError.ts";
import type { HandlerFailure } from "./protocol.ts";

/** An invocation failed: the handler threw, ran out of time, or its thread ended. */
export class FunctionError extends VesperError {
  override readonly name = "FunctionError";
  readonly retry = true;
  /** What the handler threw, where it did. */
  readonly failure: HandlerFailure | undefined;

  constructor(message: string, failure?: HandlerFailure) {
    super(message);
    this.failure = failure;
  }
}
