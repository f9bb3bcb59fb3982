import type { Message, Person } from "../domain/Message.ts";
import type { EndedSession } from "./MemoryProvider.ts";

/** One person's share of a session. */
export interface UserPart {
  readonly user: Person;
  /** What they wrote and what they were answered, oldest first. */
  readonly messages: readonly Message[];
}

/**
 * A session by the people who wrote in it, for services that keep memories by user: each with their own words and the
 * answers to them. An answer is to whoever wrote last before it; in a session of one person all of them are to that one.
 * What nobody is named for is nobody's: it is in no part. Pure.
 */
export function perUser({ users, messages }: Pick<EndedSession, "users" | "messages">): readonly UserPart[] {
  const [only, ...others] = users;
  const parts = new Map(users.map((user) => [user.id, { user, messages: [] as Message[] }]));
  let author = others.length === 0 ? only?.id : undefined;
  for (const message of messages) {
    if (message.role === "user") author = message.author?.id;
    if (author !== undefined) parts.get(author)?.messages.push(message);
  }
  return [...parts.values()].filter((part) => part.messages.length > 0);
}
