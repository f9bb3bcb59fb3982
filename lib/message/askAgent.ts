import * as v from "valibot";
import type { AgentInput } from "../adapter/Agent.ts";
import { DeliveryError } from "../adapter/errors.ts";
import { pathOf } from "../adapter/schema/parse.ts";
import { truncate } from "../adapter/text/truncate.ts";
import type { Json } from "../domain/json.ts";
import { type KeptResult, keptResultSchema } from "../domain/KeptResult.ts";
import { messageWords } from "../domain/messageWords.ts";
import type { Turn } from "../domain/Turn.ts";
import { toHistory } from "../domain/transcript.ts";
import { VesperError } from "../domain/VesperError.ts";
import { withTimeout } from "../runtime/async.ts";
import type { Services } from "../services/Services.ts";
import { type Attempts, noteAttempt } from "../store/attempts.ts";
import { AgentLate, AttemptsLost, InvalidReply, ShownInVain } from "./errors.ts";
import { fitResults } from "./fitResults.ts";
import type { ClaimedMessage } from "./makeTurn.ts";
import { type ShownReply, showDrafts } from "./showDrafts.ts";
import { showTyping } from "./showTyping.ts";

/** Kept free before the attempt's end for storing the turn and sending the reply, milliseconds. */
const TO_STORE_AND_SEND = 10_000;

/** UTF-16 units of a reply: with the longest message, in any script, it fits an item of 400 KB. */
export const MOST_REPLY = 60_000;

/** What came of asking the agent. */
export type Asked =
  /** It has answered; without a reply where there is none to send. */
  | { readonly next: "done"; readonly reply?: string; readonly toolResults?: KeptResult[]; readonly draft?: Json }
  /** It is asked again later. */
  | { readonly next: "again"; readonly attempts: Attempts }
  /** It is not asked again. */
  | { readonly next: "failed"; readonly draft?: Json };

/**
 * Asks the agent, once, and says what follows from how it failed. From the message's second receive on, the attempt is
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
  const { conversation, turn, claimed, attempt, job } = message;
  const { session } = claimed;
  const before: Omit<Attempts, "session"> = message.attempts ?? { begun: 0, failed: 0, firstAt: clock.now() };
  const fail = (error: unknown, { draft }: Pick<Attempts, "draft">): Asked => {
    services.metrics.put("TurnFailed", 1, "Count");
    log.error("turn.failed", error, { session, kind: kindOf(error) });
    return { next: "failed", ...(draft === undefined ? {} : { draft }) };
  };
  if (isSpent(before)) return fail(new AttemptsLost(turn, before.begun - before.failed), before);
  const attempts = { ...before, begun: before.begun + 1, session };
  if (attempt.number > 1) await noteAttempt(table, conversation, turn, attempts, clock.now());
  const typing = new AbortController();
  const drafts = showDrafts(services, message, attempts, () => typing.abort());
  showTyping(services, job, typing.signal);
  try {
    const { reply, ...kept } = await call(services, message, known, drafts).finally(() => {
      typing.abort();
      return drafts.end();
    });
    const isNone = reply === undefined || reply.trim() === "";
    if (isNone && drafts.stands().draft !== undefined) throw new ShownInVain();
    return { next: "done", ...(reply === undefined || reply === "" ? {} : { reply, ...kept }), ...drafts.stands() };
  } catch (error) {
    const asked = { ...attempts, ...drafts.stands() };
    const next = afterAgentFailure(asked, error, clock.now());
    if (!next) return fail(error, asked);
    log.warn("turn.later", { session, kind: kindOf(error), attempts: next.begun });
    await noteAttempt(table, conversation, turn, next, clock.now());
    return { next: "again", attempts: next };
  }
}

async function call(
  services: Services,
  { claimed, history, job, attempt }: ClaimedMessage,
  known: Pick<AgentInput, "memories" | "previous">,
  { show }: Pick<ShownReply, "show">,
): Promise<Pick<Turn, "reply" | "toolResults">> {
  const { user, chat, text, quoted, forwarded, attachments, messageId } = job.message;
  const parts = {
    ...{ text, ...(quoted ? { quoted } : {}) },
    ...{ ...(forwarded ? { forwarded } : {}), ...(attachments ? { attachments } : {}) },
  };
  const words = messageWords(parts);
  const { session } = claimed;
  const deadline = attempt.deadline - TO_STORE_AND_SEND;
  const timeLeft = Math.max(0, deadline - services.clock.now());
  const input = {
    text: words,
    ...(words === text ? {} : { parts }),
    ...(user ? { user } : {}),
    ...{ platform: job.platform, messageId, chat, session, history: toHistory(history), deadline, ...known },
    ...(show ? { show } : {}),
  };
  const reply: unknown = await withTimeout(timeLeft, new AgentLate(timeLeft), (signal) =>
    services.agent().reply({ ...input, signal }),
  );
  if (reply === undefined) return {};
  const parsed = v.safeParse(replySchema, typeof reply === "string" ? { text: reply } : reply);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new InvalidReply(reply, pathOf(issue).join("."), issue.input);
  }
  const { text: answer, model, usage, toolResults = [] } = parsed.output;
  if (model !== undefined) services.log.info("turn.answered", { session, model, ...usage });
  if (answer.length > MOST_REPLY) services.log.warn("reply.clipped", { session, characters: answer.length });
  const clipped = truncate(answer, MOST_REPLY);
  const kept = fitResults(toolResults, clipped);
  const leftOut = toolResults.length - kept.length;
  if (leftOut > 0) services.log.warn("results.left-out", { session, results: leftOut });
  return { reply: clipped, ...(kept.length > 0 ? { toolResults: kept } : {}) };
}

const usageSchema = v.object({ inputTokens: v.number(), outputTokens: v.number() });

/** A reply. What it was made with is for the log alone: an odd one is left out. */
const replySchema = v.object({
  text: v.string(),
  toolResults: v.optional(v.array(keptResultSchema)),
  model: v.fallback(v.optional(v.string()), undefined),
  usage: v.fallback(v.optional(usageSchema), undefined),
});

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
