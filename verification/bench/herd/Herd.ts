import type { Variant } from "../../simulation/Scenario.ts";

/** Many sessions that end at about the same time. */
export interface Herd {
  readonly sessions: number;
  /** They fall due evenly over so many milliseconds. */
  readonly over: number;
  readonly providers: Variant["providers"];
  /** What the provider `crm` takes for an answer, milliseconds; it is given up after 45 s. */
  readonly crm: number;
  /** Deliveries at once to each provider. */
  readonly concurrency: number;
  /** Milliseconds of its CPU that a function takes for a call. */
  readonly callCpu: number;
}
