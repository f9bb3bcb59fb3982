import { builtin } from "../../lib/memory/builtin/builtin.ts";
import { testServices } from "../harness/testServices.ts";
import { memoryProviderConformance } from "./memoryProviderConformance.ts";

memoryProviderConformance(
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
  { server: false, recall: true },
);
