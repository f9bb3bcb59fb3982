import type { AgentInput } from "../agents/Agent.ts";
import { clip } from "../runtime/clip.ts";
import type { Services } from "../runtime/Services.ts";
import { withTimeout } from "../runtime/withTimeout.ts";
import { toHistory } from "../transcript/toHistory.ts";
import { AgentLate } from "./AgentLate.ts";
import { type Attempts, noteAttempt } from "./Attempts.ts";
import { AttemptsLost } from "./AttemptsLost.ts";
import { afterAgentFailure, isSpent, kindOf } from "./afterAgentFailure.ts";
import { InvalidReply } from "./InvalidReply.ts";
import type { ClaimedMessage } from "./makeTurn.ts";

/** Kept free before the attempt's end for storing the turn and sending the reply, milliseconds. */
const TO_STORE_AND_SEND = 10_000;

/** UTF-16 units of a reply: with the longest message, in any script, it fits an item of 400 KB. */
const MOST_REPLY = 60_000;

/** What came of asking the agent. */
export type Asked =
  /** It has answered; without a reply where there is none to send. */
  | { readonly next: "done"; readonly reply?: string }
  /** It is asked again later. */
  | { readonly next: "again"; readonly attempts: Attempts }
  /** It is not asked again. */
  | { readonly next: "failed" };

/**
 * Asks the agent, once, and says what follows from how it failed. From the message's second receipt on, the attempt is
 * counted before: code that is killed can't do so afterwards.
 *
 * @param known what the memory providers and the session before have to say
 */
export async function askAgent(
  services: Services,
  message: ClaimedMessage,
  known: Pick<AgentInput, "memories" | "previous">,
): Promise<Asked> {
  const { table, clock, log } = services;
  const { conversation, turn, claimed, attempt } = message;
  const { session } = claimed;
  const before = message.attempts ?? { begun: 0, failed: 0, firstAt: clock.now() };
  const fail = (error: unknown): Asked => {
    services.metrics.put("TurnFailed", 1, "Count");
    log.error("turn.failed", error, { session, kind: kindOf(error) });
    return { next: "failed" };
  };
  if (isSpent(before)) return fail(new AttemptsLost(turn, before.begun - before.failed));
  const attempts = { ...before, begun: before.begun + 1, session };
  if (attempt.number > 1) await noteAttempt(table, conversation, turn, attempts, clock.now());
  try {
    const reply = await call(services, message, known);
    return { next: "done", ...(reply === undefined || reply === "" ? {} : { reply }) };
  } catch (error) {
    const next = afterAgentFailure(attempts, error, clock.now());
    if (!next) return fail(error);
    log.warn("turn.later", { session, kind: kindOf(error), attempts: next.begun });
    await noteAttempt(table, conversation, turn, next, clock.now());
    return { next: "again", attempts: next };
  }
}

async function call(
  services: Services,
  { claimed, history, job, attempt }: ClaimedMessage,
  known: Pick<AgentInput, "memories" | "previous">,
): Promise<string | undefined> {
  const { user, chat, text } = job.message;
  const { session } = claimed;
  const timeLeft = Math.max(0, attempt.deadline - TO_STORE_AND_SEND - services.clock.now());
  const reply: unknown = await withTimeout(timeLeft, new AgentLate(timeLeft), (signal) =>
    services
      .agent()
      .reply({ text, ...(user ? { user } : {}), chat, session, history: toHistory(history), ...known, signal }),
  );
  if (reply === undefined) return undefined;
  if (typeof reply !== "string") throw new InvalidReply(reply);
  if (reply.length > MOST_REPLY) services.log.warn("reply.clipped", { session, characters: reply.length });
  return clip(reply, MOST_REPLY);
}
