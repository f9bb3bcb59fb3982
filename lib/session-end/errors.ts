import { VesperError } from "../domain/VesperError.ts";
import { describeError } from "../runtime/jsonLogger.ts";

/** An attempt ended without a word: its function crashed, was cut off, or could not write down what came of it. */
export class AttemptCrashed extends VesperError {
  override readonly name = "AttemptCrashed";
  readonly retry = true;
  /** @param what such as `attempt 2` */
  constructor(what: string) {
    super(`${what} crashed, ran out of time, or could not be recorded; see the function's log`);
  }
}

/** A provider has worked on a session for longer than it may: nobody knows whether it ever will have stored it. */
export class Unconfirmed extends VesperError {
  override readonly name = "Unconfirmed";
  readonly retry = false;
  /** @param id what the provider calls it */
  constructor(provider: string, acceptedAt: number, id = "no id") {
    const since = new Date(acceptedAt).toISOString();
    super(
      `${provider} accepted it at ${since} (${id}), and still works on it: look there, then discard or redrive, which sends it again`,
    );
  }
}

/** A provider threw something that is not Vesper's: a programming error. No retry mends it; it is shown at once. */
export class ProviderBug extends VesperError {
  override readonly name = "ProviderBug";
  readonly retry = false;
  constructor(provider: string, cause: unknown) {
    super(`${provider} threw ${describeError(cause)}`, { cause });
  }
}

/** A provider's receipt says accepted in a way that leaves nobody to ask: a programming error. */
export class WrongAcceptance extends VesperError {
  override readonly name = "WrongAcceptance";
  readonly retry = false;
  constructor(provider: string, why: string) {
    super(`the receipt of ${provider} says that the session is accepted, ${why}`);
  }
}

/** The session was accepted by an adapter that could be asked later; the one that has its name now can't. */
export class CannotConfirm extends VesperError {
  override readonly name = "CannotConfirm";
  readonly retry = false;
  constructor(provider: string) {
    super(
      `"${provider}" was another adapter when it accepted the session, and can't be asked; a redrive sends it again`,
    );
  }
}
