import { VesperError } from "../runtime/VesperError.ts";

/** The agent took so long that its reply could no longer be stored and sent. */
export class AgentLate extends VesperError {
  override readonly name = "AgentLate";
  readonly retry = true;
  constructor(limit: number) {
    super(`the agent did not answer within ${limit} ms, which is what the function's time limit leaves it`);
  }
}
