import { describe, it } from "vitest";
import { agentConformance } from "../../lib/adapter/testing/agentConformance.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { echo } from "../../lib/agents/echo/echo.ts";

agentConformance(
  { describe, it },
  "echo",
  async () => ({ agent: echo().create(testServices()), secrets: [], close: async () => {} }),
  { server: false },
);
