import { defineAdapter } from "../../adapter/Adapter.ts";
import type { Agent } from "../../adapter/Agent.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";

/** No agent: messages are recorded and nothing is answered. For gateways that answer themselves and post both sides. */
export const none = defineAdapter(
  "agent",
  "none",
  strictFields({}),
  process.env.VESPER_WITHOUT_AGENTS
    ? undefined
    : (): Agent => ({
        reply: async () => undefined,
      }),
);
