import { type ItemKey, keyTail } from "../runtime/keys.ts";
import type { CoreServices } from "../runtime/Services.ts";
import type { Breaker } from "./Breaker.ts";
import { readBreaker } from "./breakers.ts";
import { deferHook } from "./deferHook.ts";
import { deferredUntil } from "./deferredUntil.ts";
import type { Hook } from "./Hook.ts";
import { overdueAt } from "./overdueAt.ts";

/**
 * What one sweep does with hooks whose provider's breaker is open: they are put off by one write each, without a job, but
 * for one when a probe is due. Each breaker is read once. Answers a function that takes a hook's key and what a visit to
 * it is otherwise.
 */
export function breakerVisits(services: Pick<CoreServices, "table" | "clock" | "config" | "metrics">) {
  const { table, clock, metrics } = services;
  const breakers = new Map<string, Promise<Breaker | undefined>>();
  const probed = new Set<string>();

  const read = async (provider: string): Promise<Breaker | undefined> => {
    const breaker = await readBreaker(services, provider);
    if (breaker?.status === "open") metrics.put("BreakerOpen", 1, "Count", { Provider: provider });
    return breaker;
  };

  return async (key: ItemKey, visit: () => Promise<Hook | undefined>): Promise<Hook | undefined> => {
    const provider = keyTail(key.sk);
    const reading = breakers.get(provider) ?? read(provider);
    breakers.set(provider, reading);
    const breaker = await reading;
    if (breaker?.status !== "open") return visit();
    const now = clock.now();
    if (probed.has(provider) || (breaker.probeAt ?? 0) > now) {
      const until = deferredUntil(breaker, keyTail(key.pk), now);
      const { outcome, hook } = await deferHook(table, key, { now, until });
      // One that is not due is only looked at: it is watched for its age.
      return outcome === "deferred" ? hook : visit();
    }
    probed.add(provider);
    const hook = await visit();
    const isEnqueued = hook && overdueAt(hook) <= clock.now();
    if (!isEnqueued) probed.delete(provider);
    return hook;
  };
}
