import { DeliveryError } from "../runtime/DeliveryError.ts";
import { VesperError } from "../runtime/VesperError.ts";
import { AgentLate } from "./AgentLate.ts";
import type { Attempts } from "./Attempts.ts";

/** Attempts at one message that were killed or took too long: each costs the whole time of a function, and of a person. */
const MOST_LOST = 3;

/** For how long after the first attempt others are made, milliseconds: nobody waits in a chat for longer. */
const PATIENCE = 15 * 60_000;

/** The first wait after a failure, milliseconds; it doubles with each. */
const FIRST_WAIT = 1_000;

/** The longest, unless the agent asks for more. */
const LONGEST_WAIT = 60_000;

/** Whether the attempts that never came to an answer, or an error, are as many as there may be. */
export function isSpent({ begun, failed }: Pick<Attempts, "begun" | "failed">): boolean {
  return begun - failed >= MOST_LOST;
}

/**
 * What the agent's error means for its message: the attempts with the time of the next one, or undefined when this was the
 * last. Rate limits, overload and the like are worth a retry for as long as a person waits; a refusal or a bug is not.
 * Pure.
 *
 * @param attempts this one included; `now` in milliseconds since the epoch
 */
export function afterAgentFailure(attempts: Attempts, error: unknown, now: number): Attempts | undefined {
  if (!(error instanceof VesperError) || !error.retry) return undefined;
  const isLate = error instanceof AgentLate;
  if (isLate && isSpent(attempts)) return undefined;
  const failed = attempts.failed + (isLate ? 0 : 1);
  const asked = error instanceof DeliveryError ? (error.retryAfter ?? 0) : 0;
  const nextAt = now + Math.max(asked, Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.max(0, failed - 1)));
  if (nextAt > attempts.firstAt + PATIENCE) return undefined;
  return { ...attempts, failed, nextAt, kind: kindOf(error) };
}

/** What an error is called in the log and in the table: its kind, or its name. */
export function kindOf(error: unknown): string {
  if (error instanceof DeliveryError) return error.kind;
  return error instanceof Error ? error.name : typeof error;
}
