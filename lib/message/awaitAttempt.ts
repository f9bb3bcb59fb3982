import { sha256 } from "../domain/ids.ts";
import type { Turn } from "../domain/Turn.ts";
import type { Services } from "../services/Services.ts";
import { type Attempts, noteTold } from "../store/attempts.ts";
import { kindOf } from "./askAgent.ts";
import type { Claimant } from "./claim.ts";

/** How long after the first attempt the user is told that it takes longer, milliseconds: from there on one wonders. */
const TELL_AFTER = 60_000;

/** What the user is told. */
export const DELAY_NOTICE = "This takes longer than usual. Please wait: you will get an answer.";

/**
 * Puts a message off until the next attempt at it, or until its user is to be told that it takes longer; tells it when
 * that is now. While the platform wants no call it is not told.
 *
 * @param turns the session's turns, as they were read
 */
export async function awaitAttempt(
  services: Services,
  claimant: Claimant,
  attempts: Attempts,
  turns: readonly Turn[],
): Promise<{ readonly outcome: "later"; readonly at: number }> {
  const { nextAt = 0, firstAt, told } = attempts;
  const { origin, role, replyUntil = Number.POSITIVE_INFINITY } = claimant.job.message;
  const waits = origin === "chat" && role === "user" && told !== true && services.clock.now() < replyUntil;
  const tellAt = firstAt + TELL_AFTER;
  if (waits && tellAt > services.clock.now()) return { outcome: "later", at: Math.min(nextAt, tellAt) };
  if (waits && heldUntil(turns) <= services.clock.now()) await tell(services, claimant, attempts);
  return { outcome: "later", at: nextAt };
}

/** At most once, so that it is noted before. Where it can't be sent, nothing is missing but a courtesy. */
async function tell(services: Services, { conversation, turn, job }: Claimant, { session }: Attempts): Promise<void> {
  const platform = services.platform(job.platform);
  if (!platform || !(await noteTold(services.table, conversation, turn))) return;
  try {
    for (const [index, text] of platform.render(DELAY_NOTICE).entries()) {
      const key = sha256(`${conversation}|${turn}|delay|${index}`).toString("hex");
      const { messageId: inReplyTo, replyTo } = job.message;
      await platform.send({ text, index, isLast: false, replyTo, key, session, conversation, inReplyTo });
    }
  } catch (error) {
    services.log.warn("delay.untold", { session, platform: job.platform, kind: kindOf(error) });
  }
}

/**
 * Until when a session's platform wants no call, milliseconds since the epoch: the end of the longest wait that it asked
 * for on one of these turns; 0 when it asked for none.
 */
export function heldUntil(turns: readonly Turn[]): number {
  return Math.max(0, ...turns.map(({ waitUntil = 0 }) => waitUntil));
}
