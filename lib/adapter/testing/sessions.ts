import type { EndedSession, ProviderCall, RecallQuery } from "../MemoryProvider.ts";

const START = Date.parse("2026-03-01T12:00:00Z");

/** An ended session of one turn in a direct message; `changes` replace what matters to the test. */
export function endedSession(changes: Partial<EndedSession> = {}): EndedSession {
  const ana = { id: "u-ana", name: "Ana" };
  return {
    tenant: "acme",
    session: "01JNB0Z8E8M3T2V6Q4W9R7K5XA",
    conversation: "http/dm/c-1",
    platform: "http",
    chat: { id: "c-1", type: "dm" },
    users: [ana],
    reason: "idle",
    startedAt: START,
    endedAt: START + 3_600_000,
    turns: 1,
    messages: [
      { role: "user", content: "My name is Ana and I live in Lisbon.", author: ana, at: START },
      { role: "assistant", content: "Nice to meet you!", at: START + 1_000 },
    ],
    ...changes,
  };
}

/** The circumstances of a first attempt. The delivery key is of tenant and session unless given. */
export function callOf(session: EndedSession, changes: Partial<ProviderCall> = {}): ProviderCall {
  return {
    deliveryKey: `key-of-${session.tenant}-${session.session}`,
    attempt: 1,
    timeout: 2_000,
    signal: new AbortController().signal,
    checkpoint: undefined,
    saveCheckpoint: async () => {},
    ...changes,
  };
}

/** Like `endedSession`, but with other words in its first message. */
export function sessionSaying(content: string): EndedSession {
  const session = endedSession();
  return {
    ...session,
    messages: session.messages.map((message, index) => (index === 0 ? { ...message, content } : message)),
  };
}

/** What Ana of `endedSession` asks at the start of her next session; `changes` replace what matters to the test. */
export function recallQuery(changes: Partial<RecallQuery> = {}): RecallQuery {
  const { tenant, platform, chat } = endedSession();
  return { tenant, platform, chat, user: { id: "u-ana" }, text: "Who am I?", limit: 10, timeout: 2_000, ...changes };
}
