import { VesperError } from "../runtime/VesperError.ts";

/** A turn took longer than its lease. Nothing of this attempt was stored. */
export class LeaseOver extends VesperError {
  override readonly name = "LeaseOver";
  readonly retry = true;
  constructor(turn: string) {
    super(`an attempt at ${turn} did not end within the function's time limit; it is tried again`);
  }
}
