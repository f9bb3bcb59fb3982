import { describe, it } from "vitest";
import { memoryProviderConformance } from "../../lib/adapter/testing/memoryProviderConformance.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { builtin } from "../../lib/memory/builtin/builtin.ts";

memoryProviderConformance(
  { describe, it },
  "builtin",
  async () => {
    const services = testServices();
    const { scopes } = services.memories;
    return {
      provider: builtin().create(services),
      stored: async () => Object.fromEntries([...scopes].map(([scope, rows]) => [scope, Object.fromEntries(rows)])),
      secrets: [],
      close: async () => {},
    };
  },
  { server: false, idempotency: "upsert", recall: true, forget: true },
);
