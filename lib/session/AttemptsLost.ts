import { VesperError } from "../runtime/VesperError.ts";

/** Attempts at a message ended without a word: the function was killed, ran out of memory or of time. */
export class AttemptsLost extends VesperError {
  override readonly name = "AttemptsLost";
  readonly retry = false;
  constructor(turn: string, attempts: number) {
    super(
      `${attempts} attempts at ${turn} ended without an answer or an error: the function was killed, or ran out of memory or time`,
    );
  }
}
