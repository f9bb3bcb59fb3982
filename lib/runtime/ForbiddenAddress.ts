import { VesperError } from "./VesperError.ts";

/** A request that must not be sent where it is addressed to. Says the host alone: a path may hold a token. */
export class ForbiddenAddress extends VesperError {
  override readonly name = "ForbiddenAddress";
  readonly retry = false;
  constructor(host: string, why: string) {
    super(`nothing is sent to ${host}: ${why}`);
  }
}
