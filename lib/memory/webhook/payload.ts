import type { EndedSession } from "../../adapter/MemoryProvider.ts";
import type { PartMessage } from "../../adapter/text/splitMessages.ts";

/** Which part of a session's transcript a call carries. */
export interface PartNumber {
  /** From 1. */
  readonly number: number;
  /** How many there are. */
  readonly of: number;
}

/** The body of a `session.ended` call: the session, whole. Equal on every attempt; times are ISO 8601 in UTC. */
export function payload(ended: EndedSession) {
  return body(ended, ended.users, ended.messages);
}

/** The body of a call with a part of the session: its messages, and those users who wrote them. */
export function partPayload(ended: EndedSession, messages: readonly PartMessage[], part: PartNumber) {
  const authors = new Set(messages.map(({ author }) => author?.id));
  const users = ended.users.filter(({ id }) => authors.has(id));
  const { data, ...rest } = body(ended, users, messages);
  return { ...rest, data: { ...data, part } };
}

function body(ended: EndedSession, users: EndedSession["users"], messages: readonly PartMessage[]) {
  const { session, conversation, platform, chat, reason, startedAt, endedAt, turns } = ended;
  return {
    type: "session.ended",
    timestamp: iso(endedAt),
    data: {
      session,
      conversation,
      platform,
      chat,
      users,
      reason,
      startedAt: iso(startedAt),
      endedAt: iso(endedAt),
      turns,
      messages: messages.map(messagePayload),
    },
  };
}

/** A message as a call carries it. */
export function messagePayload(message: PartMessage) {
  const { role, content, author, at, forwarded, quoted, attachments, editedAt, continued } = message;
  return {
    role,
    content,
    ...(author ? { author } : {}),
    at: iso(at),
    ...(forwarded ? { forwarded } : {}),
    ...(quoted ? { quoted } : {}),
    ...(attachments ? { attachments } : {}),
    ...(editedAt === undefined ? {} : { editedAt: iso(editedAt) }),
    ...(continued ? { continued } : {}),
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
