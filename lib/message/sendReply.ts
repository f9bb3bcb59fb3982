import { conversationKey } from "../config/conversationKey.ts";
import { failedReplySchema } from "../domain/FailedReply.ts";
import type { ResendJob } from "../domain/InboundJob.ts";
import type { Turn } from "../domain/Turn.ts";
import type { Attempt } from "../queues/workQueue.ts";
import type { Services } from "../services/Services.ts";
import { turnItem } from "../store/keys.ts";
import { readItem } from "../store/readItem.ts";
import { parseVersioned } from "../store/versions.ts";
import { heldUntil } from "./awaitAttempt.ts";
import type { TurnJob } from "./claim.ts";
import { platformNamed } from "./platformNamed.ts";
import { sendPieces } from "./sendPieces.ts";
import type { TurnOutcome } from "./takeTurn.ts";

/**
 * Sends what a stored turn still owes. No platform is called before the end of a wait that it asked for, for this reply
 * or for one before it in the session.
 *
 * @param others the session's turns, as they were read
 */
export async function sendReply(
  services: Services,
  job: TurnJob,
  attempt: Attempt,
  session: string,
  turn: Turn,
  others: readonly Turn[],
): Promise<TurnOutcome> {
  const { platform: name, message, speaks } = job;
  if ((message.role === "assistant" && !speaks) || turn.undelivered !== undefined) return { outcome: "done" };
  const platform = platformNamed(services, name);
  const conversation = conversationKey(services.config, name, message);
  const { replyTo, replyUntil } = message;
  const reply = { name, platform, replyTo, replyUntil, conversation, session, turn };
  return sendPieces(services, attempt, reply, heldUntil([turn, ...others]));
}

/**
 * Sends the missing pieces of a failed reply, as an operator wishes. A job about a failure that has come to an end
 * meanwhile (it arrived, failed anew, was discarded, or is deleted) does nothing, so that two of them never double it.
 */
export async function sendAgain(
  services: Services,
  { resend: { session, turn: sk, failedAt } }: ResendJob,
  attempt: Attempt,
): Promise<TurnOutcome> {
  const { table } = services;
  const item = await readItem(table, turnItem(session, sk));
  if (item?.state === undefined) return { outcome: "duplicate" };
  const turn = parseVersioned(failedReplySchema, item);
  const { conversation, undelivered, waitUntil = 0 } = turn;
  if (undelivered.at !== failedAt) return { outcome: "duplicate" };
  const { platform: name, replyTo, replyUntil } = undelivered;
  const platform = platformNamed(services, name);
  return sendPieces(services, attempt, { name, platform, replyTo, replyUntil, conversation, session, turn }, waitUntil);
}
