import type { EndedSession } from "../../adapter/MemoryProvider.ts";
import { sessionData } from "../../adapter/sessionData.ts";
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
  return body(ended, sessionData(ended));
}

/** The body of a call with a part of the session: its messages, and those users who wrote them. */
export function partPayload(ended: EndedSession, messages: readonly PartMessage[], part: PartNumber) {
  const authors = new Set(messages.map(({ author }) => author?.id));
  const users = ended.users.filter(({ id }) => authors.has(id));
  return body(ended, { ...sessionData(ended, users, messages), part });
}

function body<Data extends object>({ endedAt }: EndedSession, data: Data) {
  return { type: "session.ended", timestamp: new Date(endedAt).toISOString(), data };
}
