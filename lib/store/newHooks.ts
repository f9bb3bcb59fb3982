import type { Config } from "../config/Config.ts";
import type { Hook, SkipReason } from "../domain/Hook.ts";
import { remembered } from "../domain/memorySwitch.ts";
import type { Session } from "../domain/Session.ts";
import { hasWords, isByPerson, type StoredRow } from "../domain/Turn.ts";

/**
 * The hook rows of a session that is being sealed: one for each configured provider, pending, or skipped with the
 * reason. This is the one gate between a transcript and memory.
 *
 * @param turns all its turns and commands, oldest first; of words only whether there are any
 * @param now milliseconds since the epoch
 */
export function newHooks(
  config: Pick<Config, "memory">,
  session: Session,
  turns: readonly StoredRow[],
  now: number,
): readonly Hook[] {
  const skipped = skipReason(session, turns);
  return Object.keys(config.memory).map((provider) => ({
    session: session.session,
    conversation: session.conversation,
    provider,
    status: skipped ? "skipped" : "pending",
    ...(skipped ? { skipped } : {}),
    createdAt: now,
    attempts: 0,
    failures: [],
    nextAttemptAt: now,
    redrives: 0,
    enqueues: 0,
  }));
}

function skipReason({ origin }: Session, turns: readonly StoredRow[]): SkipReason | undefined {
  const spoken = turns.filter(hasWords);
  // A provider can do nothing with a transcript that is empty, and no redrive would fill it.
  if (spoken.length === 0) return "no-turns";
  const kept = remembered(turns).filter(hasWords);
  // What the agent wrote by itself is nothing to remember where it was for those alone whose memory is off.
  if (kept.length < spoken.length && !kept.some(isByPerson)) return "memory-off";
  return origin === "scheduled" ? "scheduled" : undefined;
}
