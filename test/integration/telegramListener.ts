import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { AgentInput } from "../../lib/adapter/Agent.ts";
import { strictFields } from "../../lib/adapter/schema/strictFields.ts";

/** An agent that says "ok", and keeps what it was asked. */
export function listener(takesAttachments = false) {
  const asked: AgentInput[] = [];
  const agent = defineAdapter("agent", "listener", strictFields({}), () => ({
    takesAttachments,
    reply: async (input: AgentInput) => {
      asked.push(input);
      return "ok";
    },
  }));
  return { asked, agent: agent() };
}
