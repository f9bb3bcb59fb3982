import type { EndReason } from "./EndReason.ts";

/** That a session ended, and why. */
export interface SessionEnd {
  /** The conversation's key. */
  readonly conversation: string;
  readonly session: string;
  readonly reason: EndReason;
  /** Milliseconds since the epoch; absent when it is not known. */
  readonly endedAt?: number;
}
