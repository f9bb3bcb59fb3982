import { VesperError } from "./VesperError.ts";

/** A queue message is no longer this attempt's: it was visible again, so that another attempt has it, or it is gone. */
export class MessageTaken extends VesperError {
  override readonly name = "MessageTaken";
  readonly retry = true;
  constructor(cause: unknown) {
    super("the queue message became visible to others before this attempt was done with it: whoever has it goes on", {
      cause,
    });
  }
}
