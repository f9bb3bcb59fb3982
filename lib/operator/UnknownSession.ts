import { VesperError } from "../runtime/VesperError.ts";

/** No session has the id that was given. */
export class UnknownSession extends VesperError {
  override readonly name = "UnknownSession";
  readonly retry = false;
  constructor(id: string) {
    super(`no session "${id}": it may have been purged after its retention; npx vesper sessions ls has the newest`);
  }
}
