import type { SessionPolicy } from "../config/Config.ts";
import type { EndReason } from "./EndReason.ts";
import { nextDaily } from "./nextDaily.ts";

/** When a session ends by itself, and why. */
export interface Deadline {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly why: Extract<EndReason, "idle" | "daily" | "max-age" | "api">;
}

/**
 * The earliest of a policy's limits; undefined when it has none. Times in milliseconds since the epoch.
 *
 * @param place the conversation's place in the daily boundary's window, from 0 to 1: `placeOf`
 */
export function deadline(
  policy: SessionPolicy,
  session: { readonly startedAt: number; readonly lastActivityAt: number },
  place = 0,
): Deadline | undefined {
  const limits: Deadline[] = [];
  if (policy.idle !== undefined) limits.push({ at: session.lastActivityAt + policy.idle, why: "idle" });
  if (policy.daily) {
    const later = Math.floor((policy.daily.within ?? 0) * place);
    limits.push({ at: nextDaily(policy.daily, session.lastActivityAt - later) + later, why: "daily" });
  }
  if (policy.maxAge !== undefined) limits.push({ at: session.startedAt + policy.maxAge, why: "max-age" });
  return limits.sort((a, b) => a.at - b.at)[0];
}
