import type { AgentInput } from "../../lib/adapter/Agent.ts";

/** What an agent is asked in a direct message by Ana; `changes` replace what matters to the test. */
export function agentInput(changes: Partial<AgentInput> = {}): AgentInput {
  return {
    text: "Hello",
    user: { id: "u-ana", name: "Ana" },
    platform: "http",
    messageId: "m-1",
    chat: { id: "c-1", type: "dm" },
    session: "s-1",
    history: [],
    memories: [],
    deadline: Date.now() + 2_000,
    signal: new AbortController().signal,
    ...changes,
  };
}
