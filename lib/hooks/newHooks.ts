import type { Config } from "../config/Config.ts";
import type { Session } from "../session/Session.ts";
import type { Hook, SkipReason } from "./Hook.ts";

/**
 * The hook rows of a session that is being sealed: one for each configured provider, pending, or skipped with the
 * reason. This is the one gate between a transcript and memory.
 *
 * @param spoken how many of its turns come into the transcript; `now` in milliseconds since the epoch
 */
export function newHooks(
  config: Pick<Config, "memory">,
  session: Session,
  spoken: number,
  now: number,
): readonly Hook[] {
  const skipped = skipReason(session, spoken);
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

function skipReason({ memory, origin }: Session, spoken: number): SkipReason | undefined {
  // A provider can do nothing with a transcript that is empty, and no redrive would fill it.
  if (spoken === 0) return "no-turns";
  if (memory === "off") return "memory-off";
  return origin === "scheduled" ? "scheduled" : undefined;
}
