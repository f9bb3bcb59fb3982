import type { AgentInput } from "../../adapter/Agent.ts";

/**
 * The body of a `message.received` call. Equal each time that the agent is asked about a message. Times are
 * ISO 8601 in UTC. Pure.
 */
export function messagePayload(input: AgentInput) {
  const { text, user, platform, messageId, chat, session, history, memories, previous } = input;
  return {
    type: "message.received",
    data: {
      ...{ messageId, platform, chat, session, text },
      ...(user ? { user } : {}),
      ...(previous ? { previous } : {}),
      history: history.map(({ role, content, author, at, placeholder }) => ({
        ...{ role, content, at: iso(at) },
        ...(author ? { author } : {}),
        ...(placeholder ? { placeholder } : {}),
      })),
      memories: memories.map(({ text: words, at }) => ({ text: words, ...(at === undefined ? {} : { at: iso(at) }) })),
    },
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
