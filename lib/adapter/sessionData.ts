import type { EndedSession } from "./MemoryProvider.ts";
import type { PartMessage } from "./text/splitMessages.ts";

/**
 * An ended session as JSON, for receivers that take it as it is: of these messages and users, by default all. Equal on
 * every attempt; times are ISO 8601 in UTC. Pure.
 */
export function sessionData(
  ended: EndedSession,
  users: EndedSession["users"] = ended.users,
  messages: readonly PartMessage[] = ended.messages,
) {
  const { session, conversation, platform, chat, ...rest } = sessionFacts(ended);
  return { session, conversation, platform, chat, users, ...rest, messages: messages.map(messageData) };
}

/** What is known of a session beside who said what in it. */
export function sessionFacts(ended: EndedSession) {
  const { session, conversation, platform, chat, reason, startedAt, endedAt, turns } = ended;
  return { session, conversation, platform, chat, reason, startedAt: iso(startedAt), endedAt: iso(endedAt), turns };
}

/** A message as JSON. */
export function messageData(message: PartMessage) {
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
