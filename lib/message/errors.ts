import { VesperError } from "../domain/VesperError.ts";

/** A turn took longer than its lease. Nothing of this attempt was stored. */
export class LeaseOver extends VesperError {
  override readonly name = "LeaseOver";
  readonly retry = true;
  constructor(turn: string) {
    super(`an attempt at ${turn} did not end within the function's time limit; it is tried again`);
  }
}

/** The agent took so long that its reply could no longer be stored and sent. */
export class AgentLate extends VesperError {
  override readonly name = "AgentLate";
  readonly retry = true;
  constructor(limit: number) {
    super(`the agent did not answer within ${limit} ms, which is what the function's time limit leaves it`);
  }
}

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

/** The agent answered with something that can't be sent. It would do so again, so that it is a bug of the agent's. */
export class InvalidReply extends VesperError {
  override readonly name = "InvalidReply";
  readonly retry = false;
  /** @param field the first one that is odd, such as `toolResults.0.text`, and what it is; without it the whole is */
  constructor(reply: unknown, field = "", given?: unknown) {
    super(
      `the agent returned ${typeOf(reply)}${field && `, whose ${field} is ${typeOf(given)}`}; reply() must return ` +
        "a string, { text, toolResults?: { tool, text }[] } of strings or undefined for no reply: mend it",
    );
  }
}

/** What is given, without a word of it: it may be a user's. */
function typeOf(given: unknown): string {
  return given === null ? "null" : Array.isArray(given) ? "an array" : `a value of type ${typeof given}`;
}

/** The agent showed words of a reply, and then gave none: they can't stay where they stand. */
export class ShownInVain extends VesperError {
  override readonly name = "ShownInVain";
  readonly retry = false;
  constructor() {
    super(
      "the agent showed words of a reply and then gave none; call input.show() only once there is something to say",
    );
  }
}

/** A queued message of a platform that the config no longer names. */
export class UnknownPlatform extends VesperError {
  override readonly name = "UnknownPlatform";
  readonly retry = false;
  constructor(given: string, configured: readonly string[]) {
    super(
      `a message came from platform "${given}", but the config has ${configured.join(", ") || "none"}; ` +
        `put it back and redrive the inbound dead-letter queue`,
    );
  }
}
