import type { Say } from "./Scenario.ts";

/** A message as the world knows it, whatever the gateway made of it. */
export interface Message extends Say {
  /** When the platform first called with it, milliseconds since the epoch. */
  calledAt: number | undefined;
  /** When the gateway first acknowledged it, milliseconds since the epoch; undefined when it has not. */
  acceptedAt: number | undefined;
}
