import type { Services } from "../runtime/Services.ts";
import { withTimeout } from "../runtime/withTimeout.ts";
import type { Memory, RecallQuery } from "./MemoryProvider.ts";

/** The most characters of all memories that are put before an agent. */
const MAX_CHARS = 2_000;

/**
 * Asks every provider that recalls, at once and for a bounded time. Whoever is late or fails is left out, and logged: a
 * reply never waits for memory.
 */
export async function recall(services: Services, query: Omit<RecallQuery, "limit">): Promise<readonly Memory[]> {
  const { limit } = services.config.recall;
  const names = Object.keys(services.config.memory);
  const found = await Promise.all(names.map((name) => recallFrom(services, name, { ...query, limit })));
  let left = MAX_CHARS;
  return found
    .flat()
    .slice(0, limit)
    .filter(({ text }) => {
      left -= text.length;
      return left >= 0;
    });
}

async function recallFrom(services: Services, name: string, query: RecallQuery): Promise<readonly Memory[]> {
  const provider = services.provider(name);
  if (!provider?.recall) return [];
  const { timeout } = services.config.recall;
  const late = new Error(`${name} did not recall within ${timeout} ms; the reply goes out without it`);
  try {
    return await withTimeout(timeout, late, async (signal) => (await provider.recall?.(query, signal)) ?? []);
  } catch (error) {
    services.log.error("recall.failed", error, { provider: name });
    return [];
  }
}
