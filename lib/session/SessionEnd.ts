import type { EndReason } from "./EndReason.ts";

/** That a session ended, and why. */
export interface SessionEnd {
  /** The conversation's key. */
  readonly conversation: string;
  readonly session: string;
  readonly reason: EndReason;
  /** The turn that held the lease last; it may be on its way still. Absent when it is not known. */
  readonly turn?: string;
  /** Milliseconds since the epoch; absent when it is not known. */
  readonly endedAt?: number;
}
