import type { MemoryProvider } from "../../adapter/MemoryProvider.ts";
import type { Config } from "../../config/Config.ts";
import type { Hook } from "../../domain/Hook.ts";
import { deliveryKey } from "../../domain/ids.ts";

/** How many of the sessions that a provider has accepted it still works on. Asks it for each; throws as `confirm` does. */
export async function countAtWork(
  provider: MemoryProvider,
  { tenant, hooks: { timeout } }: Config,
  accepted: readonly Hook[],
): Promise<number> {
  let count = 0;
  for (const hook of accepted) {
    const answer = await provider.confirm?.(JSON.parse(hook.accepted?.ticket ?? "null"), {
      deliveryKey: deliveryKey(tenant, hook.provider, hook.session),
      attempt: 1,
      timeout,
      signal: AbortSignal.timeout(timeout),
      checkpoint: hook.checkpoint,
      // The words are erased: whatever failed is not sent again with them.
      saveCheckpoint: async () => {},
    });
    if (answer?.outcome === "working") count++;
  }
  return count;
}
