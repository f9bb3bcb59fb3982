import type { SessionEndQueues } from "../hooks/SessionEndQueues.ts";
import { type ItemKey, keyTail } from "../runtime/keys.ts";
import type { CoreServices } from "../runtime/Services.ts";
import { expireConversation } from "./expireConversation.ts";
import { nextVisit } from "./nextVisit.ts";
import { noteMissedEnd } from "./noteMissedEnd.ts";
import { readConversation } from "./readConversation.ts";
import { rearm } from "./rearm.ts";
import { sealSession } from "./sealSession.ts";

/**
 * Looks at an open session that is due: expires it, re-arms it, or seals it when its end got lost. Answers when it is
 * due again (milliseconds since the epoch), undefined when it is done with or left to the stream.
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
    const missed = await noteMissedEnd(table, key, now);
    if (missed !== "lost") return missed;
    log.warn("session.recovered", { session });
    await sealSession(services, queues, { conversation, session, reason: "recovered" });
    return undefined;
  }
  if (read.expiresAt !== undefined && read.expiresAt * 1000 <= now) {
    await expireConversation(table, conversation, read);
    return undefined;
  }
  const at = nextVisit(read, now);
  await rearm(table, key, at);
  return at;
}
