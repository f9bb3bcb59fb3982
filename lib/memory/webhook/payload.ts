import type { EndedSession } from "../MemoryProvider.ts";

/** The body of a `session.ended` call: the session, whole. Equal on every attempt; times are ISO 8601 in UTC. */
export function payload(ended: EndedSession) {
  const { session, conversation, platform, chat, users, reason, startedAt, endedAt, turns, messages } = ended;
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
      messages: messages.map(({ role, content, author, at }) => ({
        role,
        content,
        ...(author ? { author } : {}),
        at: iso(at),
      })),
    },
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
