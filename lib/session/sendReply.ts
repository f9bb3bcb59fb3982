import { UnknownPlatform } from "../platforms/UnknownPlatform.ts";
import type { Services } from "../runtime/Services.ts";
import type { Attempt } from "../runtime/workQueue.ts";
import type { Turn } from "../transcript/Turn.ts";
import { conversationKey } from "./conversationKey.ts";
import type { InboundJob } from "./InboundJob.ts";
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
  job: InboundJob,
  attempt: Attempt,
  session: string,
  turn: Turn,
  others: readonly Turn[],
): Promise<TurnOutcome> {
  const { platform: name, message } = job;
  const platform = services.platform(name);
  if (message.role === "assistant" || turn.undelivered !== undefined) return { outcome: "done" };
  if (!platform) throw new UnknownPlatform(name, Object.keys(services.config.platforms));
  const conversation = conversationKey(services.config, name, message);
  const reply = { name, platform, replyTo: message.replyTo, conversation, session, turn };
  const heldUntil = Math.max(...[turn, ...others].map(({ waitUntil = 0 }) => waitUntil));
  return sendPieces(services, attempt, reply, heldUntil);
}
