import { chatOf } from "../config/conversationKey.ts";
import { nextVisit } from "../domain/deadline.ts";
import type { SessionEndQueues } from "../queues/sessionEndQueues.ts";
import type { CoreServices } from "../services/Services.ts";
import { readChat } from "../store/chats.ts";
import { expireConversation, readConversation } from "../store/conversations.ts";
import { endLive } from "../store/endLive.ts";
import { type ItemKey, keyTail } from "../store/keys.ts";
import { markEndMissed, scheduleVisit } from "../store/sessions.ts";
import { sealSession } from "./sealSession.ts";

/** When a session is due again. */
export interface NextVisit {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Whether the table says so, too. */
  readonly isMoved: boolean;
}

/**
 * Looks at an open session that is due: expires it, lets it go on, or seals it when its end got lost. Answers when it is
 * due again, undefined when it is done with or left to the stream. Where that is soon the session stays due in the table, for
 * sweeps to remember.
 *
 * @param longest for how long it may go on without being moved in the table, milliseconds
 */
export async function visitSession(
  services: CoreServices,
  queues: SessionEndQueues,
  key: ItemKey,
  longest: number,
): Promise<NextVisit | undefined> {
  const { table, clock, log } = services;
  const conversation = keyTail(key.pk);
  const session = keyTail(key.sk);
  const read = await readConversation(table, conversation);
  const now = clock.now();
  if (read?.session !== session) {
    const missed = await markEndMissed(table, key, now);
    if (missed !== "lost") return missed === undefined ? undefined : { at: missed, isMoved: true };
    log.warn("session.recovered", { session });
    await sealSession(services, queues, { conversation, session, reason: "recovered" });
    return undefined;
  }
  if (read.expiresAt !== undefined && read.expiresAt * 1000 <= now) {
    await expireConversation(table, conversation, read);
    return undefined;
  }
  // Others end by themselves.
  if (read.expiresAt === undefined) {
    const { goneAt = 0, origin } = await readChat(table, chatOf(conversation));
    const lease = `${read.lease.id}-gone`;
    // What is written in a chat that has moved goes on under its first id: nobody comes back to this one.
    const isGone = goneAt >= read.lastActivityAt || origin !== undefined;
    if (isGone && (await endLive(services, conversation, session, "gone", lease)) !== "busy") {
      return undefined;
    }
  }
  const at = nextVisit(read, now);
  const isMoved = at > now + longest;
  if (isMoved) await scheduleVisit(table, key, at);
  return { at, isMoved };
}
