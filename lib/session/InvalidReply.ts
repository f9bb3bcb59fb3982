import { VesperError } from "../runtime/VesperError.ts";

/** The agent answered with something that can't be sent. It would do so again, so that it is a bug of the agent's. */
export class InvalidReply extends VesperError {
  override readonly name = "InvalidReply";
  readonly retry = false;
  constructor(reply: unknown) {
    const given = reply === null ? "null" : Array.isArray(reply) ? "an array" : `a value of type ${typeof reply}`;
    super(`the agent returned ${given}; reply() must return a string, or undefined for no reply: mend the agent`);
  }
}
