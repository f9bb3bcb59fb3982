import type { EndedSession } from "../memory/MemoryProvider.ts";
import type { Services } from "../runtime/Services.ts";
import { readSession } from "../session/readSession.ts";
import { loadTurns } from "../transcript/loadTurns.ts";
import type { Person } from "../transcript/Message.ts";
import { remembered } from "../transcript/remembered.ts";
import { toMessages } from "../transcript/toMessages.ts";
import type { HookJob } from "./HookJob.ts";
import { TranscriptError } from "./TranscriptError.ts";

/**
 * Loads a sealed session, whole. Throws `TranscriptError` when the table holds another number of turns than were there
 * when it was sealed, or no words at all: an incomplete transcript is an error, never a delivery. The words of those
 * whose memory switch is off are left out.
 */
export async function loadEndedSession(services: Services, job: HookJob): Promise<EndedSession> {
  const session = await readSession(services.table, job.conversation, job.session);
  if (!session) throw new TranscriptError(`session ${job.session} has no row; its retention may be over`, false);
  const { reason, endedAt, turns } = session;
  if (session.status !== "ended" || reason === undefined || endedAt === undefined || turns === undefined) {
    throw new TranscriptError(`session ${job.session} is not sealed yet`, true);
  }
  const all = await loadTurns(services.table, job.session);
  const stored = all.filter(({ kind }) => kind === "turn").length;
  if (stored !== turns) {
    throw new TranscriptError(`session ${job.session} was sealed with ${turns} turns, but has ${stored}`, true);
  }
  const kept = remembered(all);
  const messages = toMessages(kept);
  if (messages.length === 0) throw new TranscriptError(`session ${job.session} has turns, but no words`, false);
  const users = new Map<string, Person>();
  for (const { author } of messages) if (author && !users.has(author.id)) users.set(author.id, author);
  return {
    tenant: services.config.tenant,
    session: job.session,
    conversation: job.conversation,
    platform: session.platform,
    chat: session.chat,
    users: [...users.values()],
    reason,
    startedAt: session.startedAt,
    endedAt,
    turns: kept.length,
    messages,
  };
}
