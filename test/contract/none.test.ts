import { describe, it } from "vitest";
import { agentConformance } from "../../lib/adapter/testing/agentConformance.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { none } from "../../lib/agents/none/none.ts";

agentConformance(
  { describe, it },
  "none",
  async () => ({ agent: none().create(testServices()), secrets: [], close: async () => {} }),
  { server: false },
);
