import { VesperError } from "../runtime/VesperError.ts";

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
