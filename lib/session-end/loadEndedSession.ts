import type { EndedSession } from "../adapter/MemoryProvider.ts";
import type { Cleaned } from "../domain/Hook.ts";
import type { HookJob } from "../domain/HookJob.ts";
import type { Person } from "../domain/Message.ts";
import { remembered } from "../domain/memorySwitch.ts";
import { toMessages } from "../domain/transcript.ts";
import { VesperError } from "../domain/VesperError.ts";
import type { Services } from "../services/Services.ts";
import { readSession } from "../store/sessions.ts";
import { loadTurns } from "../store/turns.ts";
import { cleanMessages } from "./cleaning/cleanMessages.ts";

/**
 * Loads a sealed session, whole. Throws `TranscriptError` when the table holds another number of turns than were there
 * when it was sealed, or no words at all: an incomplete transcript is an error, never a delivery. The words of those
 * whose memory switch is off are left out, and it is cleaned as the config says.
 */
export async function loadEndedSession(
  services: Services,
  job: HookJob,
): Promise<{ readonly session: EndedSession; readonly cleaned: Cleaned }> {
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
  const { messages, cleaned } = cleanMessages(
    toMessages(kept),
    all.flatMap(({ memories = [] }) => memories.map(({ text }) => text)),
    services.config.cleaning,
  );
  if (messages.length === 0) throw new TranscriptError(`session ${job.session} has turns, but no words`, false);
  const users = new Map<string, Person>();
  for (const { author } of messages) if (author && !users.has(author.id)) users.set(author.id, author);
  const ended = {
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
  return { session: ended, cleaned };
}

/** The transcript is not the one that was sealed: it is never delivered like that. */
export class TranscriptError extends VesperError {
  override readonly name = "TranscriptError";
  readonly retry: boolean;
  constructor(message: string, retry: boolean) {
    super(message);
    this.retry = retry;
  }
}
