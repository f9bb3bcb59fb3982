import { chatKey, chatOf, conversationKey } from "../config/conversationKey.ts";
import { CLOCK_TOLERANCE } from "../domain/clockTolerance.ts";
import type { ChatJob, InboundJob } from "../domain/InboundJob.ts";
import type { Services } from "../services/Services.ts";
import { noteGone, noteMove, readChat } from "../store/chats.ts";
import { readConversation } from "../store/conversations.ts";
import { endLive } from "../store/endLive.ts";

/** A message as its conversation knows it: where its chat has moved, under the id that the chat had at first. */
export async function atHome<Job extends InboundJob>(services: Services, job: Job): Promise<Job> {
  const { message } = job;
  if (!message.mayHaveMoved) return job;
  const { origin } = await readChat(services.table, chatKey(services.config, job.platform, message.chat.id));
  if (origin === undefined) return job;
  const { chat, user } = message;
  // Where a direct chat is called by its user's id, the user has moved along, with what is remembered of them.
  const moved = chat.type === "dm" && user?.id === chat.id ? { user: { ...user, id: origin } } : {};
  return { ...job, message: { ...message, ...moved, chat: { ...chat, id: origin } } };
}

/** Takes note of a chat that has moved, or ends its session when it is gone for good. Safe to repeat. */
export async function takeChatEvent(services: Services, job: ChatJob): Promise<{ readonly outcome: "done" }> {
  const { config, table } = services;
  const { chat, movedTo } = job.event;
  const { origin = chat.id } = await readChat(table, chatKey(config, job.platform, chat.id));
  if (movedTo !== undefined) {
    await noteMove(table, chatKey(config, job.platform, movedTo), origin);
  } else {
    const conversation = conversationKey(config, job.platform, { chat: { ...chat, id: origin } });
    const { receivedAt } = job;
    // What was written just before may have come in a little later.
    const at = Math.min((job.event.at ?? receivedAt) + CLOCK_TOLERANCE, receivedAt);
    await noteGone(table, chatOf(conversation), at);
    await endGone(services, conversation, at);
  }
  return { outcome: "done" };
}

/** Notes that nothing will arrive in a conversation's chat any more; for what else must be done before its session ends. */
export async function noteChatGone({ table, clock }: Services, conversation: string): Promise<void> {
  await noteGone(table, chatOf(conversation), clock.now());
}

/**
 * Ends the live session of a conversation whose chat is gone. Those of the chat's other conversations, and one that is
 * busy, end with their next visit.
 *
 * @param at since when it is gone, milliseconds since the epoch, where that is not now: whoever wrote later has come back
 */
export async function endGone(services: Services, conversation: string, at?: number): Promise<void> {
  const read = await readConversation(services.table, conversation);
  if (!read || (at !== undefined && read.lastActivityAt > at)) return;
  const outcome = await endLive(services, conversation, read.session, "gone", services.newId());
  services.log.info("chat.gone", { session: read.session, outcome });
}
