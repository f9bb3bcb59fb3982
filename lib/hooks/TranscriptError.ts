import { VesperError } from "../runtime/VesperError.ts";

/** The transcript is not the one that was sealed: it is never delivered like that. */
export class TranscriptError extends VesperError {
  override readonly name = "TranscriptError";
  readonly retry: boolean;
  constructor(message: string, retry: boolean) {
    super(message);
    this.retry = retry;
  }
}
