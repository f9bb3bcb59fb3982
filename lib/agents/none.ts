import { defineAdapter } from "../config/Adapter.ts";
import { strictFields } from "../schema/strictFields.ts";
import type { Agent } from "./Agent.ts";

/** No agent: messages are recorded and nothing is answered. For gateways that answer themselves and post both sides. */
export const none = defineAdapter(
  "agent",
  "none",
  strictFields({}),
  (): Agent => ({
    reply: async () => undefined,
  }),
);
