import type { Hook } from "../hooks/Hook.ts";

/**
 * The time that a hook is listed by, milliseconds since the epoch: when it died, was delivered or was skipped; for a
 * pending one when it is tried next.
 */
export function hookTime({ status, deadAt, deliveredAt, nextAttemptAt }: Hook): number {
  if (status === "dead") return deadAt ?? nextAttemptAt;
  return status === "delivered" ? (deliveredAt ?? nextAttemptAt) : nextAttemptAt;
}
