import { defineAdapter } from "../../adapter/Adapter.ts";
import type { Agent } from "../../adapter/Agent.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";

/** The agent that needs no model: it repeats what was said, and shows what the memory providers recalled. */
export const echo = defineAdapter(
  "agent",
  "echo",
  strictFields({}),
  process.env.VESPER_WITHOUT_AGENTS
    ? undefined
    : (): Agent => ({
        async reply({ text, memories }) {
          const said = `You said: ${text}`;
          if (memories.length === 0) return said;
          return `${said}\n\nI remember:\n${memories.map((memory) => `- ${memory.text.replace(/\s+/g, " ")}`).join("\n")}`;
        },
      }),
);
