import { DeliveryError } from "../../lib/adapter/errors.ts";

/** How the agent failed at a message. */
export interface AgentFailure {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Whether no retry can help. */
  readonly isFinal: boolean;
  /** How long it asks to wait, milliseconds. */
  readonly retryAfter: number;
}

/** Mostly one that a retry mends; undefined: it returns what is no reply. */
export function agentError(degree: number): Error | undefined {
  if (degree < 0.3) return new DeliveryError("transient", "overloaded", { status: 529 });
  if (degree < 0.5) return new DeliveryError("throttled", "slow down", { retryAfter: 20_000 });
  if (degree < 0.65) return new DeliveryError("quota", "slow down", { retryAfter: degree * 20 * 60_000 });
  if (degree < 0.8) return new DeliveryError("timeout", "no answer");
  if (degree < 0.9) return new DeliveryError("invalid", "too long");
  return degree < 0.95 ? new TypeError("a bug") : undefined;
}

/** @param at milliseconds since the epoch */
export function agentFailure(error: Error | undefined, at: number): AgentFailure {
  if (!(error instanceof DeliveryError)) return { at, isFinal: true, retryAfter: 0 };
  return { at, isFinal: !error.retry, retryAfter: error.retryAfter ?? 0 };
}
