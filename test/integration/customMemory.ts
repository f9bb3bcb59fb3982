import * as v from "valibot";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { MemoryProvider } from "../../lib/adapter/MemoryProvider.ts";

/** A provider of the test's own, which takes everything but for what is given. */
export function customMemory(provider: Partial<MemoryProvider>) {
  const create = (): MemoryProvider => ({
    capabilities: { idempotency: "none" },
    onSessionEnd: async () => ({}),
    ...provider,
  });
  return defineAdapter("memory", "custom", v.strictObject({}), create)();
}
