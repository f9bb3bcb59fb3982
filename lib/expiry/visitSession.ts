import { chatOf } from "../config/conversationKey.ts";
import { nextVisit } from "../domain/deadline.ts";
import type { SessionEndQueues } from "../queues/sessionEndQueues.ts";
import type { CoreServices } from "../services/Services.ts";
import { readChat } from "../store/chats.ts";
import { expireConversation, readConversation } from "../store/conversations.ts";
import { endLive } from "../store/endLive.ts";
import { type ItemKey, keyTail } from "../store/keys.ts";
import { markEndMissed, scheduleVisit } from "../store/sessions.ts";
import { LONGEST_HELD } from "./HeldVisits.ts";
import { sealSession } from "./sealSession.ts";

/**
 * Looks at an open session that is due: expires it, lets it go on, or seals it when its end got lost. Answers when it is
 * due again (milliseconds since the epoch), undefined when it is done with or left to the stream. The table says so too where
 * that is not soon; else the session stays due there, for sweeps to remember.
 */
export async function visitSession(
  services: CoreServices,
  queues: SessionEndQueues,
  key: ItemKey,
): Promise<number | undefined> {
  const { table, clock, log } = services;
  const conversation = keyTail(key.pk);
  const session = keyTail(key.sk);
  const read = await readConversation(table, conversation);
  const now = clock.now();
  if (read?.session !== session) {
    const missed = await markEndMissed(table, key, now);
    if (missed !== "lost") return missed;
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
  if (at > now + LONGEST_HELD) await scheduleVisit(table, key, at);
  return at;
}
