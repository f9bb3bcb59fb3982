import type { Clock } from "../../runtime/Clock.ts";

/** What reaching a gateway takes of the machine that the operator sits at. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The gateway's: see `gatewayClock`. */
  readonly clock: Clock;
}
